package io.fastyoke.integrations.egress;

import io.vertx.core.Vertx;
import java.time.Duration;

/**
 * The time limits of one attempt: one for the whole, and a shorter one for connecting. Owns the one
 * timer that an attempt has at a time. Used on the attempt's context only, but for {@link
 * #elapsed}.
 */
final class AttemptDeadline {
  private final Vertx vertx;
  private final Duration total;
  private final Duration connecting;
  private final long startedAt = System.nanoTime();
  private long timer = -1;

  /**
   * Starts the clock.
   *
   * @param total for the whole attempt, to the last byte of the answer
   * @param connecting from name resolution to the end of the TLS handshake; the total if that is
   *     shorter
   */
  AttemptDeadline(Vertx vertx, Duration total, Duration connecting) {
    this.vertx = vertx;
    this.total = total;
    this.connecting = connecting.compareTo(total) < 0 ? connecting : total;
  }

  Duration total() {
    return total;
  }

  Duration elapsed() {
    return Duration.ofNanos(System.nanoTime() - startedAt);
  }

  /** Milliseconds left of the whole; negative when it has passed. */
  long remainingMillis() {
    return total.minus(elapsed()).toMillis();
  }

  /** Milliseconds left for connecting; negative when they have passed. */
  long connectMillis() {
    return connecting.minus(elapsed()).toMillis();
  }

  /** Replaces the timer by one that runs a task after that many milliseconds, at least one. */
  void schedule(long millis, Runnable task) {
    cancel();
    timer = vertx.setTimer(Math.max(1, millis), id -> task.run());
  }

  void cancel() {
    vertx.cancelTimer(timer);
  }
}
