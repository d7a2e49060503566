package io.fastyoke.integrations.http;

import io.smallrye.mutiny.Uni;

/**
 * Work that cannot be cancelled. The framework cancels the work of a request when its client
 * disconnects, at any point of it.
 */
public final class Detached {
  private Detached() {}

  /** Runs the work to its end even if the subscriber cancels; a subscriber gets the result. */
  public static <T> Uni<T> of(Uni<T> work) {
    // Not memoize(): it may complete a subscriber on another thread before it is subscribed.
    return Uni.createFrom()
        .emitter(waiting -> work.subscribe().with(waiting::complete, waiting::fail));
  }
}
