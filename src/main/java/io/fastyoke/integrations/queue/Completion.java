package io.fastyoke.integrations.queue;

import io.fastyoke.integrations.connections.SealedConnection;
import io.fastyoke.integrations.events.Event;
import io.fastyoke.integrations.metering.LedgerEntry;
import io.fastyoke.integrations.plan.ActionProgress;
import io.fastyoke.integrations.plan.Run;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Everything that one transaction writes after an attempt.
 *
 * @param run the run as it was claimed
 * @param actions the progress of all its actions
 * @param next what becomes of the run
 * @param events one for the attempt and one for each action that ended without one
 * @param charge what is billed, if something was fired
 * @param pauseConnection a connection whose receiver said 410 Gone or {@code disable}
 * @param failedConnection a connection whose attempt failed, for its circuit breaker
 */
public record Completion(
    ClaimedRun run,
    List<ActionProgress> actions,
    Next next,
    List<Event> events,
    @Nullable LedgerEntry charge,
    @Nullable UUID pauseConnection,
    @Nullable UUID failedConnection) {

  /** Answers are kept for later actions, and no longer than there are any. */
  public Completion {
    if (next instanceof Next.Finish
        && actions.stream().anyMatch(action -> action.response() != null)) {
      actions = actions.stream().map(action -> action.keeping(null)).toList();
    }
  }

  /** How the run goes on. */
  public sealed interface Next {
    /** Nothing more. */
    record Finish(Run.Status status, Instant at) implements Next {}

    /** The next action fires at once, by the same holder, unless its connection has limits. */
    record FireNext() implements Next {}

    /**
     * The run is given back, and is due after the delay.
     *
     * @param attempt attempts begun at the current action
     */
    record Later(Duration delay, int attempt) implements Next {}
  }

  /** What to write instead when this process is about to end: the next action is for others. */
  public Completion givenBack() {
    return next instanceof Next.FireNext ? with(new Next.Later(Duration.ZERO, 0)) : this;
  }

  /** A paused connection whose probe succeeded. */
  public @Nullable UUID recoveredConnection() {
    SealedConnection connection = run.connection();
    return connection != null
            && !connection.active()
            && actions.get(run.index()).status() == ActionProgress.Status.SUCCEEDED
        ? connection.id()
        : null;
  }

  private Completion with(Next other) {
    return new Completion(run, actions, other, events, charge, pauseConnection, failedConnection);
  }

  /** The run as the wire shows it once this is written. */
  public Run view() {
    Run.Status status = Run.Status.RUNNING;
    Instant finishedAt = null;
    if (next instanceof Next.Finish finish) {
      status = finish.status();
      finishedAt = finish.at();
    }
    return new Run(
        run.id(),
        run.jobId(),
        status,
        run.ref().createdAt(),
        finishedAt,
        run.ref().replayOf(),
        null,
        actions);
  }
}
