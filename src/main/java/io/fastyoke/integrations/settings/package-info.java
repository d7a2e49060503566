/**
 * The settings of the environment: their names, the values they accept, and how values are read
 * from the environment or from files.
 */
@NullMarked
package io.fastyoke.integrations.settings;

import org.jspecify.annotations.NullMarked;
