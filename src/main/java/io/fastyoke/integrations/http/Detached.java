package io.fastyoke.integrations.http;

import io.smallrye.mutiny.Uni;

/**
 * Work that comes to its end once it is begun. The framework cancels what it does for a client that
 * has left, wherever that happens to be.
 */
public final class Detached {
  private Detached() {}

  /** The work, which nobody can cancel; its result is told to whoever still waits for it. */
  public static <T> Uni<T> of(Uni<T> work) {
    // Not memoized: that may complete another thread's subscriber before it is subscribed.
    return Uni.createFrom()
        .emitter(waiting -> work.subscribe().with(waiting::complete, waiting::fail));
  }
}
