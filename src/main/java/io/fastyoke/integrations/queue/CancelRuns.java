package io.fastyoke.integrations.queue;

import io.fastyoke.integrations.connections.SealedConnection;
import io.fastyoke.integrations.identity.TenantId;
import io.fastyoke.integrations.queue.batching.PipelinedTransactions;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Iterator;
import java.util.UUID;

/** Requests the cancellation of a run, and claims it if it is not in flight. */
@ApplicationScoped
public class CancelRuns {
  /**
   * No further action can begin from here on. A run that waits is taken as if for an attempt; one
   * that is in flight is left to its holder, who finds the request when it records.
   */
  static final String CANCEL =
      """
      UPDATE action_runs r SET
        cancel_requested = true,
        lease_token = r.lease_token + (NOT r.in_flight)::int,
        lease_owner = CASE WHEN r.in_flight THEN r.lease_owner ELSE $3 END,
        due_at = CASE WHEN r.in_flight THEN r.due_at ELSE %s END,
        gate = CASE WHEN r.in_flight THEN r.gate END
      FROM action_runs old LEFT JOIN connections c ON c.id = old.next_connection AND (c.tenant_id = old.tenant_id) IS TRUE
      WHERE r.tenant_id = $1 AND r.id = $2 AND r.finished_at IS NULL
        AND old.tenant_id = r.tenant_id AND old.id = r.id
      RETURNING r.in_flight, %s, %s
      """
          .formatted(Lease.shortestEnd(), RunRows.CLAIMED, SealedConnection.COLUMNS);

  private final PipelinedTransactions pipeline;
  private final RunRows rows;

  CancelRuns(PipelinedTransactions pipeline, RunRows rows) {
    this.pipeline = pipeline;
    this.rows = rows;
  }

  /** What became of the request. */
  public sealed interface Asked {
    /** There is no such run, or it is finished. */
    record Finished() implements Asked {}

    /** Its holder will find the request. */
    record InFlight() implements Asked {}

    /** It waited, and is this replica's now, to be closed. */
    record Taken(ClaimedRun run) implements Asked {}
  }

  public Uni<Asked> cancel(TenantId tenant, UUID id) {
    long nanos = System.nanoTime();
    return pipeline
        .execute(CANCEL, Tuple.of(tenant.value(), id, UUID.randomUUID()))
        .map(found -> asked(found, nanos));
  }

  private Asked asked(RowSet<Row> found, long nanos) {
    Iterator<Row> row = found.iterator();
    if (!row.hasNext()) {
      return new Asked.Finished();
    }
    Row taken = row.next();
    return taken.getBoolean("in_flight")
        ? new Asked.InFlight()
        : new Asked.Taken(rows.claimed(taken, false, null, nanos));
  }
}
