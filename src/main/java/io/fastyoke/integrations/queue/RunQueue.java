package io.fastyoke.integrations.queue;

import io.smallrye.mutiny.Uni;

/** Stores new runs, or refuses them when the queue is full. */
public interface RunQueue {
  /** Whether so many runs are due, over all replicas, that no more are accepted. */
  boolean isFull();

  /**
   * Whether more waits to be written than a healthy database leaves waiting, or than memory should
   * hold.
   */
  boolean isBehind();

  /**
   * Whether a request may wait to be written. Large requests leave some of the memory to small
   * ones; one is taken however large it is.
   *
   * @param characters see {@link RequestSize}
   */
  boolean hasRoomFor(int characters);

  /** Stores a run. When it fails, the run may be stored or not. */
  Uni<EnqueueResult> enqueue(NewRun run);
}
