/** Starts the service and holds what belongs to no other package: the clock and dev mode's echo. */
@NullMarked
package io.fastyoke.integrations;

import org.jspecify.annotations.NullMarked;
