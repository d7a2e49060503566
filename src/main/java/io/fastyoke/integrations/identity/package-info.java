/**
 * Turns a bearer token into a caller with a tenant and permissions; tokens and their keys never
 * leave it.
 */
@NullMarked
package io.fastyoke.integrations.identity;

import org.jspecify.annotations.NullMarked;
