/** Signatures on what goes to tenants' endpoints. */
@NullMarked
package io.fastyoke.integrations.providers.signing;

import org.jspecify.annotations.NullMarked;
