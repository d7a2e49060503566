/** Creates, reads, changes, deletes and tests a tenant's sealed credentials. */
@NullMarked
package io.fastyoke.integrations.connections;

import org.jspecify.annotations.NullMarked;
