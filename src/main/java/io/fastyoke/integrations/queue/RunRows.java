package io.fastyoke.integrations.queue;

import io.fastyoke.integrations.connections.SealedConnection;
import io.fastyoke.integrations.identity.TenantId;
import io.fastyoke.integrations.plan.ActionProgress;
import io.fastyoke.integrations.plan.Run;
import io.fastyoke.integrations.plan.Run.WaitingFor;
import io.fastyoke.integrations.plan.RunCodec;
import io.fastyoke.integrations.plan.RunPlan;
import io.fastyoke.integrations.plan.StoredRun;
import io.vertx.mutiny.sqlclient.Row;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Reads and writes the columns of a run. */
@ApplicationScoped
public class RunRows {
  /** What {@link #view} reads, of a table called {@code r}. */
  public static final String VIEW =
      "r.id, r.job_id, r.status, r.created_at, r.finished_at, r.replay_of, r.actions, r.attempt, r.in_flight, "
          + Waiting.of("r")
          + " AS waiting_for";

  /** What {@link #claimed} reads besides {@link SealedConnection#COLUMNS}. */
  static final String CLAIMED =
      "r.id, r.tenant_id, r.job_id, r.replay_of, r.created_at, r.request, r.actions, r.lease_token,"
          + " r.lease_owner, r.attempt, r.cancel_requested, r.next_connection, r.fired_provider, r.gate";

  private static final Logger LOG = Logger.getLogger(RunRows.class);

  private final RunCodec codec;

  RunRows(RunCodec codec) {
    this.codec = codec;
  }

  public Run view(Row row) {
    List<ActionProgress> actions = new ArrayList<>(actions(row.getString("actions")));
    if (Boolean.TRUE.equals(row.getBoolean("in_flight"))) {
      // The intent is newer than what was last recorded about the action.
      for (int i = 0; i < actions.size(); i++) {
        if (!actions.get(i).isDecided()) {
          actions.set(i, actions.get(i).running(row.getInteger("attempt")));
          break;
        }
      }
    }
    return new Run(
        row.getUUID("id"),
        row.getString("job_id"),
        Run.Status.of(row.getString("status")),
        row.getOffsetDateTime("created_at").toInstant(),
        instant(row.getOffsetDateTime("finished_at")),
        row.getUUID("replay_of"),
        row.getOffsetDateTime("finished_at") == null ? waitingFor(row, actions) : null,
        List.copyOf(actions));
  }

  /** What is due later without being tried again was given back by a process that had no time. */
  private static @Nullable WaitingFor waitingFor(Row row, List<ActionProgress> actions) {
    WaitingFor waiting = WaitingFor.of(row.getString("waiting_for"));
    boolean retries =
        actions.stream().anyMatch(action -> action.status() == ActionProgress.Status.RETRYING);
    return waiting == WaitingFor.RETRY && !retries ? WaitingFor.CAPACITY : waiting;
  }

  /**
   * Never fails for what is stored: one run that cannot be read must not stop the others.
   *
   * @param waited see {@link ClaimedRun.Claim#waited}
   */
  ClaimedRun claimed(Row row, boolean interrupted, @Nullable Duration waited, long nanos) {
    return new ClaimedRun(
        new RunRef(
            row.getUUID("id"),
            new TenantId(row.getString("tenant_id")),
            row.getString("job_id"),
            row.getUUID("replay_of"),
            row.getOffsetDateTime("created_at").toInstant()),
        new ClaimedRun.Claim(
            row.getLong("lease_token"),
            row.getUUID("lease_owner"),
            row.getUUID("gate"),
            RequestSize.of(row.getString("request")),
            waited,
            nanos),
        stored(row),
        new ClaimedRun.Current(
            row.getInteger("attempt"),
            interrupted,
            row.getBoolean("cancel_requested"),
            SealedConnection.from(row),
            row.getString("fired_provider")));
  }

  private StoredRun stored(Row row) {
    List<ActionProgress> actions = null;
    try {
      actions = actions(row.getString("actions"));
      return StoredRun.whole(plan(row.getString("request")), actions);
    } catch (RuntimeException e) {
      // Without the exception: its message may quote what is stored.
      LOG.errorf("run %s: what is stored of it cannot be read", row.getUUID("id"));
    }
    try {
      return StoredRun.unreadable(row.getUUID("id"), actions, row.getUUID("next_connection"));
    } catch (RuntimeException e) {
      return StoredRun.unreadable(row.getUUID("id"), null, row.getUUID("next_connection"));
    }
  }

  public RunPlan plan(String request) {
    return codec.plan(request);
  }

  List<ActionProgress> actions(String actions) {
    return codec.actions(actions);
  }

  String write(List<ActionProgress> actions) {
    return codec.write(actions);
  }

  private static @Nullable Instant instant(@Nullable OffsetDateTime time) {
    return time == null ? null : time.toInstant();
  }

  /** The element type of an SQL array is told by the class of the Java array. */
  static UUID[] uuids(List<? extends @Nullable UUID> ids) {
    return ids.toArray(new UUID[0]);
  }
}
