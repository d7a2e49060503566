package io.fastyoke.integrations.metering;

import io.fastyoke.integrations.database.TenantDatabase;
import io.fastyoke.integrations.errors.ApiException;
import io.fastyoke.integrations.identity.TenantId;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Sums a tenant's ledger. */
@ApplicationScoped
class SumUsage {
  /** The answer has no pages, so a larger one is refused. */
  private static final int MAX_ROWS = 50_000;

  private static final String SUM =
      """
      SELECT date_trunc($4, occurred_at, 'UTC') AS bucket, kind, provider, %s AS connection_id,
        sum(quantity)::bigint AS count
      FROM utility_ledger
      WHERE tenant_id = $1 AND ($2::timestamptz IS NULL OR occurred_at >= $2)
        AND ($3::timestamptz IS NULL OR occurred_at < $3)
      GROUP BY 1, 2, 3, 4 ORDER BY 1, 3, 4 LIMIT %d
      """;

  private final TenantDatabase database;

  SumUsage(TenantDatabase database) {
    this.database = database;
  }

  /** How long a bucket is, in UTC. */
  enum UsageBucket {
    HOUR,
    DAY,
    MONTH
  }

  /** The dimension of a row. */
  enum GroupBy {
    PROVIDER,
    CONNECTION
  }

  /**
   * The sums, the oldest first.
   *
   * @throws ApiException 400 when there are more than {@link #MAX_ROWS}
   */
  Uni<List<UsageRow>> sum(
      TenantId tenant,
      @Nullable Instant since,
      @Nullable Instant until,
      UsageBucket bucket,
      GroupBy group) {
    String sql =
        SUM.formatted(group == GroupBy.CONNECTION ? "connection_id" : "NULL::uuid", MAX_ROWS + 1);
    Tuple parameters =
        Tuple.tuple()
            .addString(tenant.value())
            .addOffsetDateTime(since == null ? null : since.atOffset(ZoneOffset.UTC))
            .addOffsetDateTime(until == null ? null : until.atOffset(ZoneOffset.UTC))
            .addString(bucket.name().toLowerCase(Locale.ROOT));
    return database.within(
        tenant,
        connection -> connection.preparedQuery(sql).execute(parameters).map(SumUsage::rows));
  }

  private static List<UsageRow> rows(RowSet<Row> found) {
    if (found.size() > MAX_ROWS) {
      throw ApiException.invalid(
          "since",
          "selects more than " + MAX_ROWS + " sums; give a shorter time, or a longer bucket");
    }
    List<UsageRow> rows = new ArrayList<>(found.size());
    found.forEach(
        row ->
            rows.add(
                new UsageRow(
                    row.getOffsetDateTime("bucket").toInstant(),
                    row.getString("kind"),
                    row.getString("provider"),
                    row.getUUID("connection_id"),
                    row.getLong("count"))));
    return rows;
  }
}
