/**
 * Takes requests to fire in, whichever way they come: checks them, and makes runs of those that
 * were fired in SQL.
 */
@NullMarked
package io.fastyoke.integrations.intake;

import org.jspecify.annotations.NullMarked;
