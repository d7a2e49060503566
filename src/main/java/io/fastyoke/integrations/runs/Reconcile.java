package io.fastyoke.integrations.runs;

import io.fastyoke.integrations.connections.SealedConnection;
import io.fastyoke.integrations.runs.RecordOutcomes.Recorded;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Iterator;

/**
 * Finds out why a closing was refused: it had been written after all, the run is to be cancelled,
 * or the lease is lost.
 */
@ApplicationScoped
public class Reconcile {
  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

  private static final String LOOK =
      """
      SELECT r.lease_token, r.lease_owner, r.cancel_requested, r.in_flight, %s
      FROM action_runs r LEFT JOIN connections c ON c.id = r.next_connection AND c.tenant_id = r.tenant_id
      WHERE r.tenant_id = $1 AND r.id = $2
      """
          .formatted(SealedConnection.COLUMNS);

  private final Pipeline pipeline;
  private final Replica replica;

  Reconcile(Pipeline pipeline, Replica replica) {
    this.pipeline = pipeline;
    this.replica = replica;
  }

  /** What was found. */
  sealed interface Finding {
    /** The commit had arrived, and only its answer was lost. */
    record Written(Recorded.Written written) implements Finding {}

    /** We still hold the run, and no further action of it may begin. */
    record ToBeCancelled() implements Finding {}

    /** Somebody else has the run. */
    record Lost() implements Finding {}
  }

  Uni<Finding> look(Closing closing) {
    long nanos = System.nanoTime();
    ClaimedRun run = closing.run();
    return pipeline
        .execute(LOOK, Tuple.of(run.tenant().value(), run.id()))
        .onFailure()
        .retry()
        .withBackOff(FIRST_PAUSE, LONGEST_PAUSE)
        .atMost(100)
        .map(rows -> finding(run, rows, nanos));
  }

  private Finding finding(ClaimedRun run, RowSet<Row> rows, long nanos) {
    Iterator<Row> found = rows.iterator();
    if (!found.hasNext()) {
      return new Finding.Lost();
    }
    Row row = found.next();
    long token = row.getLong("lease_token");
    if (token == run.leaseToken() && row.getBoolean("cancel_requested")) {
      return new Finding.ToBeCancelled();
    }
    // Every closing leaves the next token and its writer behind; a claim by somebody else leaves
    // another writer.
    return token == run.leaseToken() + 1 && replica.id().equals(row.getUUID("lease_owner"))
        ? new Finding.Written(
            new Recorded.Written(
                row.getBoolean("in_flight"), SealedConnection.from(row), nanos, true))
        : new Finding.Lost();
  }
}
