/**
 * The reactive clients of the providers by name, each made of one adapter, which holds all that is
 * special about its provider, and one description.
 */
@NullMarked
package io.fastyoke.integrations.providers;

import org.jspecify.annotations.NullMarked;
