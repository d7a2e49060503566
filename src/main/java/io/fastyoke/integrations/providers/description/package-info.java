/** What a provider needs to know from a tenant, and the checks that follow from it. */
@NullMarked
package io.fastyoke.integrations.providers.description;

import org.jspecify.annotations.NullMarked;
