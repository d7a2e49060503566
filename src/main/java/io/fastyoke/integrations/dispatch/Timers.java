package io.fastyoke.integrations.dispatch;

/**
 * Timers and the clock that they follow. An interface, so that a test can be the clock: all that
 * this package does after a delay goes through here.
 */
interface Timers {
  /** {@link System#nanoTime()}, or that of a test. */
  long nanos();

  /**
   * Runs a task once.
   *
   * @param millis from now, at least 1
   * @return what {@link #cancel} takes
   */
  long after(long millis, Runnable task);

  /**
   * Runs a task time and again.
   *
   * @param millis from now to the first time, and from each to the next
   * @return what {@link #cancel} takes
   */
  long every(long millis, Runnable task);

  /** Does nothing if the timer has fired. */
  void cancel(long timer);
}
