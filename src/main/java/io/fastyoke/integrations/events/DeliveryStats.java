package io.fastyoke.integrations.events;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * How deliveries went. Each action counts once, at the moment at which it was decided.
 *
 * @param buckets in the order of time; empty buckets are left out
 * @param failing the connections with the most failures, at most ten
 */
public record DeliveryStats(
    Instant since,
    Instant until,
    Counts totals,
    @Nullable Integer p50Ms,
    @Nullable Integer p95Ms,
    List<BucketCounts> buckets,
    List<Failing> failing) {

  /** Actions by outcome. */
  public record Counts(long succeeded, long failed, long skipped, long cancelled) {
    static final Counts NONE = new Counts(0, 0, 0, 0);
  }

  /**
   * The actions decided in one hour or day.
   *
   * @param bucket its start, in UTC
   */
  public record BucketCounts(
      Instant bucket, long succeeded, long failed, long skipped, long cancelled) {}

  /** A connection that failed. */
  public record Failing(UUID connectionId, long succeeded, long failed) {}
}
