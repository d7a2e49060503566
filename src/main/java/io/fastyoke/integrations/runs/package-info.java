/** Accepts, claims, executes, records, recovers and replays action runs. */
@NullMarked
package io.fastyoke.integrations.runs;

import org.jspecify.annotations.NullMarked;
