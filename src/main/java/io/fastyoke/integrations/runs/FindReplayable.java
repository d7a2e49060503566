package io.fastyoke.integrations.runs;

import io.fastyoke.integrations.database.TenantDatabase;
import io.fastyoke.integrations.identity.TenantId;
import io.fastyoke.integrations.plan.Run;
import io.fastyoke.integrations.runs.FindRuns.RunFilter;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Finds the finished runs of a filter that a replay would fire again: those with an action that
 * failed or was skipped, and without a replay. Of several replays of one run only the newest
 * counts.
 */
@ApplicationScoped
class FindReplayable {
  /**
   * Runs that the same call has replayed before are selected again, so that a repeated call gives
   * the same answer. The status is a literal, so that the partial index on failed runs can be used.
   */
  private static final String SELECTED =
      """
      SELECT r.id FROM action_runs r
      WHERE r.tenant_id = $1 AND r.status = '%s' AND r.finished_at <= COALESCE($8::timestamptz, 'infinity')
        AND ($2::text IS NULL OR r.job_id = $2)
        AND ($3::uuid IS NULL OR $3 = ANY (r.connection_ids))
        AND r.id >= $4 AND r.id < $5
        AND r.actions !~ '"code":"(invalid_request|payload_too_large)"'
        AND (r.status = 'failed' OR EXISTS (
          SELECT FROM json_array_elements(r.actions::json) a WHERE a->>'status' IN ('failed', 'skipped')))
        AND ($7::text IS NULL OR r.replay_of IS NULL OR r.idempotency_key IS DISTINCT FROM $7 || r.replay_of::text)
        AND (
          EXISTS (SELECT FROM action_runs own
            WHERE own.tenant_id = r.tenant_id AND own.replay_of = r.id AND own.idempotency_key = $7 || r.id::text)
          OR NOT EXISTS (SELECT FROM action_runs again WHERE again.tenant_id = r.tenant_id AND again.replay_of = r.id)
            AND (r.replay_of IS NULL OR NOT EXISTS (SELECT FROM action_runs newer
              WHERE newer.tenant_id = r.tenant_id AND newer.replay_of = r.replay_of AND newer.id > r.id)))
      ORDER BY r.id LIMIT $6
      """;

  /** The first run of an earlier call with the same key. */
  private static final String EARLIER =
      """
      SELECT r.idempotency_key, r.created_at FROM action_runs r
      WHERE r.tenant_id = $1 AND r.replay_of IS NOT NULL AND r.idempotency_key IS NOT NULL
        AND split_part(r.idempotency_key, E'\\n', 2) = $2
      ORDER BY r.created_at LIMIT 1
      """;

  private final TenantDatabase database;

  FindReplayable(TenantDatabase database) {
    this.database = database;
  }

  /**
   * The oldest first.
   *
   * @throws io.fastyoke.integrations.errors.ApiException 422 when the key was used for another call
   */
  Uni<List<UUID>> find(TenantId tenant, BulkReplay call, int limit) {
    return database.within(
        tenant,
        connection ->
            begun(connection, tenant, call)
                .chain(
                    begun ->
                        connection
                            .preparedQuery(SELECTED.formatted(status(call.filter())))
                            .execute(parameters(tenant, call, limit, begun)))
                .map(FindReplayable::ids));
  }

  /** The number of such runs, counted up to the limit. */
  Uni<Integer> count(TenantId tenant, RunFilter filter, int limit) {
    String selected = SELECTED.formatted(status(filter));
    return database.within(
        tenant,
        connection ->
            connection
                .preparedQuery("SELECT count(*)::int AS runs FROM (" + selected + ") selected")
                .execute(parameters(tenant, new BulkReplay(filter, null), limit, null))
                .map(rows -> rows.iterator().next().getInteger("runs")));
  }

  /**
   * The time of the first call with this key: a repeated call does not replay runs that failed
   * later.
   */
  private static Uni<@Nullable OffsetDateTime> begun(
      SqlConnection connection, TenantId tenant, BulkReplay call) {
    if (call.callersKey() == null) {
      return Uni.createFrom().nullItem();
    }
    return connection
        .preparedQuery(EARLIER)
        .execute(Tuple.of(tenant.value(), call.callersKey()))
        .map(rows -> begun(rows, call));
  }

  private static @Nullable OffsetDateTime begun(RowSet<Row> rows, BulkReplay call) {
    if (rows.size() == 0) {
      return null;
    }
    Row first = rows.iterator().next();
    call.requireSame(first.getString("idempotency_key"));
    return first.getOffsetDateTime("created_at");
  }

  private static Tuple parameters(
      TenantId tenant, BulkReplay call, int limit, @Nullable OffsetDateTime begun) {
    RunFilter filter = call.filter();
    return Tuple.tuple()
        .addString(tenant.value())
        .addString(filter.jobId())
        .addUUID(filter.connectionId())
        .addUUID(filter.from())
        .addUUID(filter.to(null))
        .addInteger(limit)
        .addString(call.callersKey() == null ? null : call.prefix())
        .addOffsetDateTime(begun);
  }

  private static String status(RunFilter filter) {
    return (filter.status() == null ? Run.Status.FAILED : filter.status()).wire();
  }

  private static List<UUID> ids(RowSet<Row> rows) {
    List<UUID> ids = new ArrayList<>(rows.size());
    rows.forEach(row -> ids.add(row.getUUID("id")));
    return ids;
  }
}
