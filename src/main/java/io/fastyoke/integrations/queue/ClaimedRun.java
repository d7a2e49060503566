package io.fastyoke.integrations.queue;

import io.fastyoke.integrations.connections.SealedConnection;
import io.fastyoke.integrations.identity.TenantId;
import io.fastyoke.integrations.plan.ActionProgress;
import io.fastyoke.integrations.plan.RunPlan;
import io.fastyoke.integrations.plan.RunPlan.PlannedAction;
import io.fastyoke.integrations.plan.StoredRun;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A run that this replica holds: the intent to fire its current action is on disk. */
public record ClaimedRun(RunRef ref, Claim claim, StoredRun stored, Current current) {

  /**
   * What the run is held by.
   *
   * @param leaseToken the fence: what every completion must still find in the row
   * @param owner a name of its own for each claim, which completions leave in the row
   * @param limiter the connection whose limits count this attempt; null when it has none
   * @param requestSize what the run counts for in memory, see {@link RequestSize}
   * @param waited how long the run was due before it was claimed, by the database's clock; null
   *     when it was not due: it waited for a limit, or its action before has just ended
   * @param atNanos {@link System#nanoTime()} before the claim was asked for: the lease began later
   *     than that
   */
  public record Claim(
      long leaseToken,
      UUID owner,
      @Nullable UUID limiter,
      int requestSize,
      @Nullable Duration waited,
      long atNanos) {}

  /**
   * What is to be fired now.
   *
   * @param attempt the attempt that may now begin, from 1
   * @param interrupted whether an earlier holder began this attempt and never said how it ended
   * @param connection as it was when the run was claimed; null when there is none
   * @param firedProvider of the connection when the attempt was begun, should it be gone by now
   * @param traceparent of the attempt's own span (W3C Trace Context); null when it has none
   */
  public record Current(
      int attempt,
      boolean interrupted,
      boolean cancelRequested,
      @Nullable SealedConnection connection,
      @Nullable String firedProvider,
      @Nullable String traceparent) {

    /** Without a span. */
    public Current(
        int attempt,
        boolean interrupted,
        boolean cancelRequested,
        @Nullable SealedConnection connection,
        @Nullable String firedProvider) {
      this(attempt, interrupted, cancelRequested, connection, firedProvider, null);
    }

    /** The first attempt at a connection, or at none. */
    static Current first(@Nullable SealedConnection connection) {
      return new Current(1, false, false, connection, null);
    }
  }

  public UUID id() {
    return ref.id();
  }

  public TenantId tenant() {
    return ref.tenant();
  }

  public @Nullable String jobId() {
    return ref.jobId();
  }

  public RunPlan plan() {
    return stored.plan();
  }

  public List<ActionProgress> actions() {
    return stored.actions();
  }

  public int attempt() {
    return current.attempt();
  }

  public @Nullable SealedConnection connection() {
    return current.connection();
  }

  /** The action that is to be fired: the first one that is not decided. */
  public int index() {
    int index = 0;
    while (actions().get(index).isDecided()) {
      index++;
    }
    return index;
  }

  public PlannedAction action() {
    return plan().actions().get(index());
  }

  public ActionProgress progress() {
    return actions().get(index());
  }

  /** The same run, whose attempt has a span of its own. */
  public ClaimedRun tracedBy(String span) {
    Current traced =
        new Current(
            current.attempt(),
            current.interrupted(),
            current.cancelRequested(),
            current.connection(),
            current.firedProvider(),
            span);
    return new ClaimedRun(ref, claim, stored, traced);
  }

  /**
   * The same run after its outcome was recorded and its next action was claimed in the same
   * transaction.
   */
  public ClaimedRun next(
      List<ActionProgress> recorded, @Nullable SealedConnection nextConnection, long nanos) {
    return new ClaimedRun(
        ref,
        new Claim(claim.leaseToken() + 1, claim.owner(), null, claim.requestSize(), null, nanos),
        new StoredRun(plan(), recorded, stored.readable()),
        Current.first(nextConnection));
  }
}
