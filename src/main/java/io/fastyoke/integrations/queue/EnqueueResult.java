package io.fastyoke.integrations.queue;

import io.fastyoke.integrations.plan.Run;

/** The result of storing a run. In every case but {@link KeyHeld} the run is on disk. */
public sealed interface EnqueueResult {
  /** This replica has claimed it and must execute it now. */
  record Started(ClaimedRun run) implements EnqueueResult {}

  /**
   * It waits.
   *
   * @param blocked whether it waits for an earlier run of its job or for the end of a pause, so
   *     that no worker need look for it
   */
  record Queued(Run run, boolean blocked) implements EnqueueResult {}

  /** The idempotency key has been used before, for the run given. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Repeated(Run run, byte[] requestHash) implements EnqueueResult {}

  /**
   * Nothing is stored yet: what holds the idempotency key was fired in SQL and is about to become a
   * run, or was a run and has just been removed. Trying again in a moment shows which.
   */
  record KeyHeld() implements EnqueueResult {}
}
