package io.fastyoke.integrations.dispatch;

import java.util.concurrent.TimeUnit;

/**
 * Spreads the starts of queued runs while receivers are slow. Attempts that start together are
 * answered together, and the cost of recording them would come at once, in the way of other tenants
 * (docs/performance.md). The first half of the permits is filled at once. Beyond it runs start at
 * most twice as fast as attempts have ended lately, and no slower than it takes to fill all permits
 * in a second.
 */
final class StartRateLimiter {
  /** In seconds. Starts that were possible longer ago than that are not made up for. */
  private static final double MAX_REST = 0.04;

  private final int limit;
  private final int firstHalf;
  private double endedLately;
  private double credit;
  private long ended;
  private long nanos;

  /**
   * @param limit permits there are
   * @param now {@link System#nanoTime()}
   */
  StartRateLimiter(int limit, long now) {
    this.limit = limit;
    this.firstHalf = (limit + 1) / 2;
    this.nanos = now;
  }

  /**
   * How many runs may be claimed now.
   *
   * @param free permits that are free
   * @param taken permits that are taken
   * @param endedSoFar attempts that have ended, ever
   * @param now {@link System#nanoTime()}
   */
  int allows(int free, int taken, long endedSoFar, long now) {
    double seconds = (double) (now - nanos) / TimeUnit.SECONDS.toNanos(1);
    endedLately = endedLately * Math.exp(-seconds) + (endedSoFar - ended);
    double perSecond = Math.max(limit, 2 * endedLately);
    credit = Math.min(Math.max(1, perSecond * MAX_REST), credit + perSecond * seconds);
    ended = endedSoFar;
    nanos = now;
    return Math.min(free, Math.max(0, firstHalf - taken) + (int) credit);
  }

  /**
   * So many have been claimed.
   *
   * @param taken permits that are taken now
   */
  void claimed(int count, int taken) {
    credit = Math.max(0, credit - Math.min(count, Math.max(0, taken - firstHalf)));
  }
}
