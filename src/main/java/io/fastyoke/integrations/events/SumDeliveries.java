package io.fastyoke.integrations.events;

import io.fastyoke.integrations.database.TenantDatabase;
import io.fastyoke.integrations.database.TimeOrderedIds;
import io.fastyoke.integrations.events.DeliveryStats.Counts;
import io.fastyoke.integrations.events.DeliveryStats.Failing;
import io.fastyoke.integrations.identity.TenantId;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Counts a tenant's deliveries in one pass over a time range of the event log. */
@ApplicationScoped
class SumDeliveries {
  private static final String SUM =
      """
      SELECT * FROM (
        SELECT bucket, connection_id, grouping(bucket) AS no_bucket, grouping(connection_id) AS no_connection,
          count(*) FILTER (WHERE outcome = 'success') AS succeeded,
          count(*) FILTER (WHERE outcome = 'failure') AS failed,
          count(*) FILTER (WHERE outcome = 'skipped') AS skipped,
          count(*) FILTER (WHERE outcome = 'cancelled') AS cancelled,
          percentile_disc(0.5) WITHIN GROUP (ORDER BY duration_ms) AS p50_ms,
          percentile_disc(0.95) WITHIN GROUP (ORDER BY duration_ms) AS p95_ms,
          row_number() OVER (PARTITION BY grouping(connection_id)
            ORDER BY count(*) FILTER (WHERE outcome = 'failure') DESC, connection_id) AS place
        FROM (
          SELECT date_trunc($4, occurred_at, 'UTC') AS bucket, connection_id, outcome, duration_ms
          FROM event_log
          WHERE tenant_id = $1 AND id >= $2 AND id < $3 AND event_type = 'WEBHOOK' AND ends_action
            AND ($5::uuid IS NULL OR connection_id = $5)) decided
        GROUP BY GROUPING SETS ((bucket), (connection_id), ())) sums
      WHERE no_connection = 1 OR (connection_id IS NOT NULL AND failed > 0 AND place <= 10)
      ORDER BY no_connection, CASE WHEN no_connection = 0 THEN place END, bucket
      """;

  private static final String EACH =
      """
      SELECT connection_id, date_trunc($4, occurred_at, 'UTC') AS bucket,
        count(*) FILTER (WHERE outcome = 'success') AS succeeded,
        count(*) FILTER (WHERE outcome = 'failure') AS failed,
        count(*) FILTER (WHERE outcome = 'skipped') AS skipped,
        count(*) FILTER (WHERE outcome = 'cancelled') AS cancelled
      FROM event_log
      WHERE tenant_id = $1 AND id >= $2 AND id < $3 AND event_type = 'WEBHOOK' AND ends_action AND connection_id = ANY ($5)
      GROUP BY connection_id, bucket
      ORDER BY connection_id, bucket
      """;

  private final TenantDatabase database;

  SumDeliveries(TenantDatabase database) {
    this.database = database;
  }

  /** How long a bucket is, in UTC. */
  enum StatsBucket {
    HOUR,
    DAY
  }

  /** A time range and the length of its buckets. */
  record Range(Instant since, Instant until, StatsBucket bucket) {
    private Tuple with(TenantId tenant, @Nullable Object connections) {
      String unit = bucket.name().toLowerCase(Locale.ROOT);
      return Tuple.of(
          tenant.value(),
          TimeOrderedIds.floor(since),
          TimeOrderedIds.floor(until),
          unit,
          connections);
    }
  }

  /** The statistics of each of these connections. */
  Uni<List<ConnectionStats>> sumEach(TenantId tenant, Range range, List<UUID> connections) {
    Tuple parameters = range.with(tenant, connections.toArray(new UUID[0]));
    return database.within(
        tenant, pooled -> pooled.preparedQuery(EACH).execute(parameters).map(SumDeliveries::each));
  }

  private static List<ConnectionStats> each(RowSet<Row> rows) {
    Map<UUID, List<DeliveryStats.BucketCounts>> found = new LinkedHashMap<>();
    for (Row row : rows) {
      found.computeIfAbsent(row.getUUID("connection_id"), id -> new ArrayList<>()).add(bucket(row));
    }
    List<ConnectionStats> stats = new ArrayList<>();
    found.forEach((id, buckets) -> stats.add(new ConnectionStats(id, total(buckets), buckets)));
    return stats;
  }

  private static Counts total(List<DeliveryStats.BucketCounts> buckets) {
    return new Counts(
        buckets.stream().mapToLong(DeliveryStats.BucketCounts::succeeded).sum(),
        buckets.stream().mapToLong(DeliveryStats.BucketCounts::failed).sum(),
        buckets.stream().mapToLong(DeliveryStats.BucketCounts::skipped).sum(),
        buckets.stream().mapToLong(DeliveryStats.BucketCounts::cancelled).sum());
  }

  Uni<DeliveryStats> sum(TenantId tenant, Range range, @Nullable UUID connection) {
    Tuple parameters = range.with(tenant, connection);
    return database.within(
        tenant,
        pooled ->
            pooled
                .preparedQuery(SUM)
                .execute(parameters)
                .map(rows -> stats(range.since(), range.until(), rows)));
  }

  private static DeliveryStats stats(Instant since, Instant until, RowSet<Row> rows) {
    List<DeliveryStats.BucketCounts> buckets = new ArrayList<>();
    List<Failing> failing = new ArrayList<>();
    Counts totals = Counts.NONE;
    Integer p50 = null;
    Integer p95 = null;
    for (Row row : rows) {
      if (row.getInteger("no_connection") == 0) {
        failing.add(failing(row));
      } else if (row.getInteger("no_bucket") == 0) {
        buckets.add(bucket(row));
      } else {
        totals = counts(row);
        p50 = row.getInteger("p50_ms");
        p95 = row.getInteger("p95_ms");
      }
    }
    return new DeliveryStats(since, until, totals, p50, p95, buckets, failing);
  }

  private static DeliveryStats.BucketCounts bucket(Row row) {
    Counts counts = counts(row);
    return new DeliveryStats.BucketCounts(
        row.getOffsetDateTime("bucket").toInstant(),
        counts.succeeded(),
        counts.failed(),
        counts.skipped(),
        counts.cancelled());
  }

  private static Failing failing(Row row) {
    Counts counts = counts(row);
    return new Failing(row.getUUID("connection_id"), counts.succeeded(), counts.failed());
  }

  private static Counts counts(Row row) {
    return new Counts(
        row.getLong("succeeded"),
        row.getLong("failed"),
        row.getLong("skipped"),
        row.getLong("cancelled"));
  }
}
