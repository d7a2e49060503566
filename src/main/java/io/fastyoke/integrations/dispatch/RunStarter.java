package io.fastyoke.integrations.dispatch;

import io.fastyoke.integrations.queue.ClaimedRun;

/** Executes claimed runs: the {@link Worker}. */
interface RunStarter {
  /** Executes a run under its permit, and closes the permit. Returns at once. */
  void start(ClaimedRun run, Permit permit);
}
