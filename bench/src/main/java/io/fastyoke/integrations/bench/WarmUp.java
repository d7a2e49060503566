package io.fastyoke.integrations.bench;

/**
 * Load that does not count, until the just-in-time compilers of a service have little left to do. A
 * service runs for weeks, and while they work they take up to a quarter of its processor time: a
 * package with more code, compiled for longer, would look slower than it is.
 */
final class WarmUp {
  private static final int ROUND_SECONDS = 15;
  private static final int LEAST_ROUNDS = 3;
  private static final int MOST_ROUNDS = 16;

  /** The compilers' share of one processor. */
  private static final double QUIET = 0.05;

  private WarmUp() {}

  /**
   * Rounds of 15 s, 45 s at least and 4 minutes at most. A native executable has no compilers and
   * needs the least.
   */
  static void run(String name, Steps steps, Service service, Fires fires, int callers)
      throws Exception {
    for (int round = 1; round <= MOST_ROUNDS; round++) {
      double before = Cpu.ofCompilers(service.pid());
      steps.closed(name, fires, callers, ROUND_SECONDS);
      double share = (Cpu.ofCompilers(service.pid()) - before) / ROUND_SECONDS;
      System.err.printf("  %-36s %8.0f %% of a core%n", "  its compilers", share * 100);
      if (round >= LEAST_ROUNDS && share < QUIET) {
        return;
      }
    }
  }
}
