package io.fastyoke.integrations.runs;

import io.fastyoke.integrations.connections.SealedConnection;
import io.fastyoke.integrations.identity.TenantId;
import io.fastyoke.integrations.runs.RunPlan.PlannedAction;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A run that this replica holds: the intent to fire its current action is on disk.
 *
 * @param readable whether what is stored of it could be read; if not, it can only be closed
 * @param leaseToken what every closing update must still find in the row
 * @param owner the claim: a name of its own for each, which closings leave in the row
 * @param attempt the attempt that may now begin, from 1
 * @param interrupted whether an earlier holder began this attempt and never said how it ended
 * @param connection of the current action, as it was when the run was claimed; null when there is
 *     none
 * @param firedProvider of the connection when the attempt was begun, should it be gone by now
 * @param gate the connection whose limits count this attempt; null when it has none
 * @param claimedAtNanos {@link System#nanoTime()} before the claim was asked for: the lease began
 *     later than that
 */
record ClaimedRun(
    UUID id,
    TenantId tenant,
    @Nullable String jobId,
    @Nullable UUID replayOf,
    Instant createdAt,
    RunPlan plan,
    List<ActionProgress> actions,
    boolean readable,
    long leaseToken,
    UUID owner,
    int attempt,
    boolean interrupted,
    boolean cancelRequested,
    @Nullable SealedConnection connection,
    @Nullable String firedProvider,
    @Nullable UUID gate,
    long claimedAtNanos) {

  /** The action that is to be fired: the first one that is not decided. */
  int index() {
    int index = 0;
    while (actions.get(index).isDecided()) {
      index++;
    }
    return index;
  }

  PlannedAction action() {
    return plan.actions().get(index());
  }

  ActionProgress progress() {
    return actions.get(index());
  }

  /**
   * The same run after its outcome was recorded and its next action was claimed in the same breath.
   */
  ClaimedRun next(
      List<ActionProgress> recorded, @Nullable SealedConnection nextConnection, long nanos) {
    return new ClaimedRun(
        id,
        tenant,
        jobId,
        replayOf,
        createdAt,
        plan,
        recorded,
        readable,
        leaseToken + 1,
        owner,
        1,
        false,
        false,
        nextConnection,
        null,
        null,
        nanos);
  }
}
