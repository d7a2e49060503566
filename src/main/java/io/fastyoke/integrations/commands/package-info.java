/** Reads the command line, and runs the commands that need no running service. */
@NullMarked
package io.fastyoke.integrations.commands;

import org.jspecify.annotations.NullMarked;
