/**
 * Owns the names of all settings that the environment gives, what each of them may be, and how
 * their values are read, from the environment or from files.
 */
@NullMarked
package io.fastyoke.integrations.settings;

import org.jspecify.annotations.NullMarked;
