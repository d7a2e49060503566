/**
 * Turns a bearer token into a caller with a tenant, a role and scopes; tokens and their keys never
 * leave it.
 */
@NullMarked
package io.fastyoke.integrations.identity;

import org.jspecify.annotations.NullMarked;
