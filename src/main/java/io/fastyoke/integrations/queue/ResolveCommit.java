package io.fastyoke.integrations.queue;

import io.fastyoke.integrations.connections.ConnectionSettings;
import io.fastyoke.integrations.connections.SealedConnection;
import io.fastyoke.integrations.queue.RecordOutcomes.Recorded;
import io.fastyoke.integrations.queue.batching.PipelinedTransactions;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * Finds out why a completion was refused: its commit had succeeded and only the answer was lost,
 * the run is to be cancelled, or the lease is lost.
 */
@ApplicationScoped
public class ResolveCommit {
  private static final Duration FIRST_RETRY_DELAY = Duration.ofMillis(100);
  private static final Duration MAX_RETRY_DELAY = Duration.ofSeconds(1);

  static final String LOOK =
      """
      SELECT r.lease_token, r.lease_owner, r.cancel_requested, r.in_flight,
        extract(epoch FROM r.due_at - now())::float8 AS lease_left, %s
      FROM action_runs r LEFT JOIN connections c ON c.id = r.next_connection AND (c.tenant_id = r.tenant_id) IS TRUE
      WHERE r.tenant_id = $1 AND r.id = $2
      """
          .formatted(SealedConnection.COLUMNS);

  private final PipelinedTransactions pipeline;

  ResolveCommit(PipelinedTransactions pipeline) {
    this.pipeline = pipeline;
  }

  /** What was found. */
  public sealed interface Finding {
    /** The commit had arrived, and only its answer was lost. */
    record Committed(Recorded.Written written) implements Finding {}

    /** The claim still holds the run, and no further action of it may begin. */
    record ToBeCancelled() implements Finding {}

    /** Another claim holds the run. */
    record Lost() implements Finding {}
  }

  public Uni<Finding> look(Completion completion) {
    ClaimedRun run = completion.run();
    return Uni.createFrom()
        .deferred(
            () -> {
              long nanos = System.nanoTime();
              return pipeline
                  .execute(LOOK, Tuple.of(run.tenant().value(), run.id()))
                  .map(rows -> finding(run, rows, nanos));
            })
        .onFailure()
        .retry()
        .withBackOff(FIRST_RETRY_DELAY, MAX_RETRY_DELAY)
        .indefinitely();
  }

  private static Finding finding(ClaimedRun run, RowSet<Row> rows, long nanos) {
    Iterator<Row> found = rows.iterator();
    if (!found.hasNext()) {
      return new Finding.Lost();
    }
    Row row = found.next();
    long token = row.getLong("lease_token");
    if (token == run.claim().leaseToken() && row.getBoolean("cancel_requested")) {
      return new Finding.ToBeCancelled();
    }
    // Every completion leaves the next token and its claim's name behind; another claim, be it by
    // this
    // process, leaves another name.
    if (token != run.claim().leaseToken() + 1
        || !run.claim().owner().equals(row.getUUID("lease_owner"))) {
      return new Finding.Lost();
    }
    SealedConnection connection = SealedConnection.from(row);
    return new Finding.Committed(
        new Recorded.Written(
            row.getBoolean("in_flight"), connection, begun(row, connection, nanos), true));
  }

  /**
   * When the next action's lease began, by what is left of it: the commit whose answer was lost may
   * have been long ago.
   */
  private static long begun(Row row, @Nullable SealedConnection connection, long now) {
    Double left = row.getDouble("lease_left");
    if (left == null) {
      return now;
    }
    ConnectionSettings settings =
        connection == null ? ConnectionSettings.DEFAULTS : connection.settings();
    return now - Lease.of(settings).minusNanos((long) (left * 1_000_000_000)).toNanos();
  }
}
