package io.fastyoke.integrations.runs;

import io.fastyoke.integrations.connections.SealedConnection;
import io.fastyoke.integrations.http.ApiException;
import io.fastyoke.integrations.identity.TenantId;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Iterator;
import java.util.UUID;

/** Stops what has not been sent. */
@ApplicationScoped
public class Canceller {
  /**
   * Nobody can begin another action from here on. A run that waits is taken as if for an attempt;
   * one that is in flight is left to its holder, who finds the wish when it records.
   */
  static final String CANCEL =
      """
      UPDATE action_runs r SET
        cancel_requested = true,
        lease_token = r.lease_token + (NOT r.in_flight)::int,
        lease_owner = CASE WHEN r.in_flight THEN r.lease_owner ELSE $3 END,
        due_at = CASE WHEN r.in_flight THEN r.due_at ELSE now() + interval '15 seconds' END,
        gate = CASE WHEN r.in_flight THEN r.gate END
      FROM action_runs old LEFT JOIN connections c ON c.id = old.next_connection AND (c.tenant_id = old.tenant_id) IS TRUE
      WHERE r.tenant_id = $1 AND r.id = $2 AND r.finished_at IS NULL
        AND old.tenant_id = r.tenant_id AND old.id = r.id
      RETURNING r.in_flight, %s, %s
      """
          .formatted(RunRows.CLAIMED, SealedConnection.COLUMNS);

  private final Pipeline pipeline;
  private final RunRows rows;
  private final Slots slots;
  private final Claimer claimer;
  private final Waiters waiters;
  private final FindRuns runs;

  Canceller(
      Pipeline pipeline,
      RunRows rows,
      Slots slots,
      Claimer claimer,
      Waiters waiters,
      FindRuns runs) {
    this.pipeline = pipeline;
    this.rows = rows;
    this.slots = slots;
    this.claimer = claimer;
    this.waiters = waiters;
    this.runs = runs;
  }

  /**
   * Cancels a run; the answer shows it as it is then, which is not finished while an attempt is in
   * flight.
   *
   * @throws ApiException 404, or 409 {@code already_finished}
   */
  Uni<Run> cancel(TenantId tenant, UUID id) {
    long nanos = System.nanoTime();
    return pipeline
        .execute(CANCEL, Tuple.of(tenant.value(), id, UUID.randomUUID()))
        .chain(found -> cancelled(tenant, id, found, nanos));
  }

  private Uni<Run> cancelled(TenantId tenant, UUID id, RowSet<Row> found, long nanos) {
    Iterator<Row> row = found.iterator();
    if (!row.hasNext()) {
      return runs.byId(tenant, id)
          .map(
              run -> {
                throw ApiException.conflict("already_finished", "The run is finished already.");
              });
    }
    Row taken = row.next();
    if (taken.getBoolean("in_flight")) {
      return runs.byId(tenant, id);
    }
    ClaimedRun run = rows.claimed(taken, false, nanos);
    Uni<Run> finished =
        waiters.await(id, java.time.Duration.ofSeconds(5), () -> runs.byId(tenant, id));
    slots.take(tenant);
    claimer.execute(run);
    return finished;
  }
}
