package io.fastyoke.integrations.events;

import io.fastyoke.integrations.database.SizedPage;
import io.fastyoke.integrations.database.TenantDatabase;
import io.fastyoke.integrations.database.TimeOrderedIds;
import io.fastyoke.integrations.identity.TenantId;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads a tenant's events. */
@ApplicationScoped
class FindEvents {
  private static final String SELECT =
      "SELECT %s FROM event_log e WHERE e.tenant_id = $1".formatted(EventRows.NAMES);

  /** The long columns of a row, by which pages are sized. */
  private static final String OCTETS =
      "coalesce(octet_length(p.response_body), 0) + coalesce(octet_length(p.request_url), 0)";

  /** Older rows have none, and no index of it: their months are left out. */
  private static final String MESSAGE = "e.id >= message_ids_since() AND e.provider_message_id = ";

  private static final String SUMMARY =
      """
      SELECT count(*) FILTER (WHERE outcome = 'success') AS succeeded,
        count(*) FILTER (WHERE outcome = 'failure') AS failed,
        count(*) FILTER (WHERE outcome IN ('skipped')) AS skipped,
        count(*) FILTER (WHERE outcome IN ('cancelled')) AS cancelled
      FROM event_log WHERE tenant_id = $1 AND ($2::text IS NULL OR job_id = $2)
        AND event_type = 'WEBHOOK' AND ends_action
      """;

  private final TenantDatabase database;

  FindEvents(TenantDatabase database) {
    this.database = database;
  }

  /** Which events; null parts select everything. */
  record EventFilter(
      @Nullable String jobId,
      @Nullable UUID runId,
      @Nullable UUID connectionId,
      @Nullable String provider,
      Event.@Nullable Outcome outcome,
      @Nullable String eventType,
      @Nullable String messageId,
      @Nullable Instant since,
      @Nullable Instant until) {}

  /** How the webhooks of a job have ended so far. */
  record JobCounts(long succeeded, long failed, long skipped, long cancelled) {}

  /**
   * The newest first. Ids are ordered by time, so a range of time is a range of ids and of
   * partitions.
   */
  Uni<SizedPage<EventView>> list(
      TenantId tenant, EventFilter filter, int limit, @Nullable UUID cursor) {
    Query query = new Query(SELECT, tenant);
    query.and("e.job_id = ", filter.jobId());
    query.and("e.run_id = ", filter.runId());
    query.and("e.connection_id = ", filter.connectionId());
    query.and("e.provider = ", filter.provider());
    query.and("e.outcome = ", filter.outcome() == null ? null : filter.outcome().wire());
    query.and("e.event_type = ", filter.eventType());
    query.and(MESSAGE, filter.messageId());
    query.and("e.id >= ", filter.since() == null ? null : TimeOrderedIds.floor(filter.since()));
    query.and("e.id < ", filter.until() == null ? null : TimeOrderedIds.floor(filter.until()));
    query.and("e.id < ", cursor);
    String sql = SizedPage.of(query.sql() + " ORDER BY e.id DESC LIMIT " + (limit + 1), OCTETS);
    return database.within(
        tenant,
        connection ->
            connection
                .preparedQuery(sql)
                .execute(query.parameters())
                .map(found -> SizedPage.read(found, limit, EventView::of)));
  }

  /**
   * The newest event that says how a webhook went: one that was skipped or cancelled behind it is
   * taken only when there is no other.
   */
  Uni<@Nullable EventView> lastWebhook(TenantId tenant, @Nullable String jobId) {
    return newest(tenant, jobId, " AND e.outcome IN ('success', 'failure')")
        .onItem()
        .ifNull()
        .switchTo(() -> newest(tenant, jobId, ""));
  }

  private Uni<@Nullable EventView> newest(TenantId tenant, @Nullable String jobId, String more) {
    Query query = new Query(SELECT, tenant);
    query.and("e.job_id = ", jobId);
    query.and("e.event_type = ", Event.WEBHOOK);
    String sql = query.sql() + more + " ORDER BY e.id DESC LIMIT 1";
    return database.within(
        tenant,
        connection ->
            connection.preparedQuery(sql).execute(query.parameters()).map(FindEvents::first));
  }

  Uni<JobCounts> counts(TenantId tenant, @Nullable String jobId) {
    return database.within(
        tenant,
        connection ->
            connection
                .preparedQuery(SUMMARY)
                .execute(Tuple.of(tenant.value(), jobId))
                .map(
                    rows -> {
                      Row row = rows.iterator().next();
                      return new JobCounts(
                          row.getLong("succeeded"),
                          row.getLong("failed"),
                          row.getLong("skipped"),
                          row.getLong("cancelled"));
                    }));
  }

  private static @Nullable EventView first(RowSet<Row> rows) {
    return rows.size() == 0 ? null : EventView.of(rows.iterator().next());
  }

  /** A statement that grows with its conditions, so that each combination has a plan of its own. */
  private static final class Query {
    private final StringBuilder sql;
    private final Tuple parameters;

    Query(String select, TenantId tenant) {
      sql = new StringBuilder(select);
      parameters = Tuple.of(tenant.value());
    }

    void and(String condition, @Nullable Object value) {
      if (value != null) {
        parameters.addValue(value);
        sql.append(" AND ").append(condition).append('$').append(parameters.size());
      }
    }

    String sql() {
      return sql.toString();
    }

    Tuple parameters() {
      return parameters;
    }
  }
}
