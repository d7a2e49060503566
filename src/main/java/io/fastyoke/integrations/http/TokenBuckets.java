package io.fastyoke.integrations.http;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Token buckets by name, in memory of this replica. Each holds the tokens of one second and refills
 * evenly.
 */
final class TokenBuckets {
  private static final int SWEEP_AT = 10_000;
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  private final ConcurrentHashMap<String, Bucket> buckets = new ConcurrentHashMap<>();
  private final int perSecond;
  private final LongSupplier nanos;

  /**
   * @param perSecond at least 1
   * @param nanos a monotonic clock
   */
  TokenBuckets(int perSecond, LongSupplier nanos) {
    this.perSecond = perSecond;
    this.nanos = nanos;
  }

  /** Takes a token; false when the bucket is empty. */
  boolean take(String name) {
    long now = nanos.getAsLong();
    if (buckets.size() >= SWEEP_AT) {
      // After an idle second a bucket is full, the same as a new one.
      buckets.values().removeIf(bucket -> now - bucket.at >= SECOND);
    }
    return buckets.compute(name, (key, old) -> next(old, now)).granted;
  }

  int size() {
    return buckets.size();
  }

  private Bucket next(@Nullable Bucket old, long now) {
    double level = old == null ? perSecond : old.level + refill(now - old.at);
    double available = Math.min(perSecond, level);
    boolean granted = available >= 1;
    return new Bucket(granted ? available - 1 : available, now, granted);
  }

  private double refill(long elapsed) {
    return (double) Math.min(elapsed, SECOND) * perSecond / SECOND;
  }

  private record Bucket(double level, long at, boolean granted) {}
}
