package io.fastyoke.integrations.runs;

import io.fastyoke.integrations.database.SizedPage;
import io.fastyoke.integrations.database.TenantDatabase;
import io.fastyoke.integrations.database.TimeOrderedIds;
import io.fastyoke.integrations.errors.ApiException;
import io.fastyoke.integrations.identity.TenantId;
import io.fastyoke.integrations.plan.Run;
import io.fastyoke.integrations.plan.RunPlan;
import io.fastyoke.integrations.queue.RunRows;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads a tenant's runs. */
@ApplicationScoped
class FindRuns {
  private static final String BY_ID =
      "SELECT %s FROM action_runs r WHERE r.tenant_id = $1 AND r.id = $2".formatted(RunRows.VIEW);

  /**
   * What was fired in SQL and is not a run yet, or led to another run; one snapshot sees it here or
   * there.
   */
  private static final String FIRED =
      """
      SELECT f.run_id AS fired_id, f.fired_at, %s FROM (SELECT $2::uuid AS id) w
      LEFT JOIN fired_requests f ON f.tenant_id = $1 AND f.run_id = w.id
      LEFT JOIN action_runs r ON r.tenant_id = $1 AND r.id = COALESCE(f.same_as, w.id)
      """
          .formatted(RunRows.VIEW);

  private static final String WITH_PLAN =
      "SELECT %s, r.request, r.ordered FROM action_runs r WHERE r.tenant_id = $1 AND r.id = $2"
          .formatted(RunRows.VIEW);

  private static final UUID FIRST_ID = new UUID(0, 0);
  private static final UUID LAST_ID = UUID.fromString("ffffffff-ffff-ffff-ffff-ffffffffffff");

  private final TenantDatabase database;
  private final RunRows rows;

  FindRuns(TenantDatabase database, RunRows rows) {
    this.database = database;
    this.rows = rows;
  }

  /** Selects runs; null components select all. */
  record RunFilter(
      @Nullable String jobId,
      Run.@Nullable Status status,
      @Nullable UUID connectionId,
      @Nullable Instant since,
      @Nullable Instant until) {

    UUID from() {
      return since == null ? FIRST_ID : TimeOrderedIds.floor(since);
    }

    UUID to(@Nullable UUID cursor) {
      UUID end = until == null ? LAST_ID : TimeOrderedIds.floor(until);
      return cursor == null || end.toString().compareTo(cursor.toString()) < 0 ? end : cursor;
    }
  }

  /** A run and its plan. */
  record Planned(Run run, RunPlan plan, boolean ordered) {}

  /**
   * One run.
   *
   * @throws ApiException 404
   */
  Uni<Run> byId(TenantId tenant, UUID id) {
    return database.within(
        tenant,
        connection ->
            connection
                .preparedQuery(BY_ID)
                .execute(Tuple.of(tenant.value(), id))
                .chain(
                    found ->
                        found.size() > 0
                            ? Uni.createFrom().item(rows.view(first(found)))
                            : connection
                                .preparedQuery(FIRED)
                                .execute(Tuple.of(tenant.value(), id))
                                .map(fired -> fired(first(fired)))));
  }

  private Run fired(Row row) {
    if (row.getUUID("id") != null) {
      return rows.view(row);
    }
    if (row.getUUID("fired_id") == null) {
      throw ApiException.notFound("run");
    }
    return new Run(
        row.getUUID("fired_id"),
        null,
        Run.Status.PENDING,
        row.getOffsetDateTime("fired_at").toInstant(),
        null,
        null,
        Run.WaitingFor.CAPACITY,
        List.of());
  }

  Uni<Planned> planned(TenantId tenant, UUID id) {
    return database.within(
        tenant,
        connection ->
            connection
                .preparedQuery(WITH_PLAN)
                .execute(Tuple.of(tenant.value(), id))
                .map(FindRuns::first)
                .map(
                    row ->
                        new Planned(
                            rows.view(row),
                            rows.plan(row.getString("request")),
                            row.getBoolean("ordered"))));
  }

  /** The newest runs first. */
  Uni<SizedPage<Run>> list(TenantId tenant, RunFilter filter, int limit, @Nullable UUID cursor) {
    RunList list = RunList.of(tenant, filter, cursor, limit + 1);
    return database.within(
        tenant,
        connection ->
            connection
                .preparedQuery(list.sql())
                .execute(list.parameters())
                .map(found -> SizedPage.read(found, limit, rows::view)));
  }

  private static Row first(RowSet<Row> found) {
    Iterator<Row> rows = found.iterator();
    if (!rows.hasNext()) {
      throw ApiException.notFound("run");
    }
    return rows.next();
  }
}
