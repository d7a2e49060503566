package io.fastyoke.integrations.oauth;

/** The clock of tokens, and timers that follow it; a test is its own. */
interface TokenTimers {
  /** {@link System#nanoTime()}, or that of a test. */
  long nanos();

  /**
   * Runs a task once.
   *
   * @param millis from now, at least 1
   * @return cancels it
   */
  Runnable after(long millis, Runnable task);
}
