/** The HTTP API of runs: fire, read, preview, cancel, replay. */
@NullMarked
package io.fastyoke.integrations.runs;

import org.jspecify.annotations.NullMarked;
