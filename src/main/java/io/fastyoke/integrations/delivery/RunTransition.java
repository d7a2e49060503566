package io.fastyoke.integrations.delivery;

import io.fastyoke.integrations.connections.SealedConnection;
import io.fastyoke.integrations.database.TimeOrderedIds;
import io.fastyoke.integrations.delivery.ActionOutcome.NoToken;
import io.fastyoke.integrations.delivery.ActionOutcome.NotTried;
import io.fastyoke.integrations.delivery.RetryPolicy.Decision;
import io.fastyoke.integrations.events.Event;
import io.fastyoke.integrations.events.Event.Answer;
import io.fastyoke.integrations.events.Event.DeliveryRef;
import io.fastyoke.integrations.events.Event.Failure;
import io.fastyoke.integrations.events.Event.Outcome;
import io.fastyoke.integrations.metering.LedgerEntry;
import io.fastyoke.integrations.plan.ActionProgress;
import io.fastyoke.integrations.plan.ActionProgress.Status;
import io.fastyoke.integrations.plan.KeptResponse;
import io.fastyoke.integrations.plan.Run;
import io.fastyoke.integrations.queue.ClaimedRun;
import io.fastyoke.integrations.queue.Completion;
import io.fastyoke.integrations.queue.Completion.Next;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Turns the outcome of an attempt into what has to be written. Pure but for new ids.
 *
 * @param run the run as it was claimed
 * @param now the time of the outcome
 */
public record RunTransition(ClaimedRun run, Instant now) {
  /** After an attempt, or after finding that there is nothing to attempt. */
  public Completion after(ActionOutcome outcome, Decision decision) {
    if (run.current().cancelRequested() && decision instanceof Decision.TryAgain again) {
      return after(outcome, new Decision.GiveUp(again.failure()));
    }
    boolean tried = !(outcome instanceof NotTried);
    List<ActionProgress> actions = new ArrayList<>(run.actions());
    List<Event> events = new ArrayList<>();
    actions.set(run.index(), progress(outcome, decision));
    events.add(event(outcome, decision, tried));
    Next next = next(actions, events, decision);
    SealedConnection connection = run.connection();
    UUID fired = tried && connection != null ? connection.id() : null;
    boolean failed = !(decision instanceof Decision.Success);
    return new Completion(
        run,
        List.copyOf(actions),
        next,
        events,
        tried && !(outcome instanceof NoToken) ? charge() : null,
        outcome.pausesConnection() ? fired : null,
        failed ? fired : null);
  }

  /** Stops what has not been sent. */
  public Completion cancel() {
    List<ActionProgress> actions = new ArrayList<>(run.actions());
    List<Event> events = new ArrayList<>();
    cancelFrom(run.index(), actions, events);
    return new Completion(
        run, actions, new Next.Finish(Run.Status.CANCELLED, now), events, null, null, null);
  }

  /**
   * What to write instead of a completion once the run is to be cancelled: its outcome, and nothing
   * after it.
   */
  public Completion cancelled(Completion completion) {
    List<ActionProgress> actions = new ArrayList<>(completion.actions());
    List<Event> events = new ArrayList<>(completion.events());
    cancelFrom(run.index(), actions, events);
    return new Completion(
        run,
        List.copyOf(actions),
        new Next.Finish(Run.Status.CANCELLED, now),
        events,
        completion.charge(),
        completion.pauseConnection(),
        completion.failedConnection());
  }

  /** Stops every action from an index on that is not decided. */
  private void cancelFrom(int from, List<ActionProgress> actions, List<Event> events) {
    for (int index = from; index < actions.size(); index++) {
      if (!actions.get(index).isDecided()) {
        close(actions, events, index, index + 1, Status.CANCELLED);
      }
    }
  }

  /** Gives a run back that was claimed and not tried; it is due again after the delay. */
  public Completion handBack(Duration delay) {
    return new Completion(
        run, run.actions(), new Next.Later(delay, run.attempt() - 1), List.of(), null, null, null);
  }

  private Next next(List<ActionProgress> actions, List<Event> events, Decision decision) {
    if (decision instanceof Decision.TryAgain again) {
      return new Next.Later(again.delay(), run.attempt());
    }
    int following = run.index() + 1;
    if (following == actions.size()) {
      return finish(actions);
    }
    if (run.current().cancelRequested()) {
      close(actions, events, following, actions.size(), Status.CANCELLED);
      return finish(actions);
    }
    if (decision instanceof Decision.GiveUp && !run.action().continueOnFailure()) {
      close(actions, events, following, actions.size(), Status.SKIPPED);
      return finish(actions);
    }
    return new Next.FireNext();
  }

  private Next.Finish finish(List<ActionProgress> actions) {
    Run.Status status = Run.Status.SUCCEEDED;
    for (ActionProgress action : actions) {
      if (action.status() == Status.CANCELLED) {
        return new Next.Finish(Run.Status.CANCELLED, now);
      }
      if (action.status() == Status.FAILED) {
        status = Run.Status.FAILED;
      }
    }
    return new Next.Finish(status, now);
  }

  private void close(
      List<ActionProgress> actions, List<Event> events, int from, int to, Status status) {
    for (int index = from; index < to; index++) {
      ActionProgress action = actions.get(index);
      actions.set(index, action.with(status));
      events.add(withoutAttempt(index, action, status));
    }
  }

  private ActionProgress progress(ActionOutcome outcome, Decision decision) {
    ActionProgress before = run.progress();
    Failure failure = failure(decision);
    Answer answer = outcome.answer();
    return new ActionProgress(
        before.index(),
        before.actionType(),
        before.connectionId(),
        provider(),
        before.deliveryId(),
        decision instanceof Decision.Success
            ? Status.SUCCEEDED
            : decision instanceof Decision.GiveUp ? Status.FAILED : Status.RETRYING,
        outcome instanceof NotTried ? run.attempt() - 1 : run.attempt(),
        decision instanceof Decision.TryAgain again ? now.plus(again.delay()) : null,
        answer == null ? null : answer.status(),
        outcome.durationMs(),
        answer == null ? null : answer.messageId(),
        failure,
        decision instanceof Decision.TryAgain ? null : kept(answer));
  }

  /** What later actions name of the answer. */
  private @Nullable KeptResponse kept(@Nullable Answer answer) {
    return answer == null || !run.plan().namesResponseOf(run.index())
        ? null
        : new KeptResponse(answer.status(), answer.headers(), answer.json());
  }

  private Event event(ActionOutcome outcome, Decision decision, boolean tried) {
    return new Event(
        TimeOrderedIds.next(now),
        run.tenant(),
        eventType(),
        decision instanceof Decision.Success ? Outcome.SUCCESS : Outcome.FAILURE,
        reference(
            run.progress(), tried ? run.attempt() : null, !(decision instanceof Decision.TryAgain)),
        run.action().connectionId(),
        provider(),
        outcome.sent(),
        outcome.answer(),
        failure(decision),
        outcome.durationMs(),
        run.plan().actor(),
        now);
  }

  /** The row that decides an action that is not tried (again). */
  private Event withoutAttempt(int index, ActionProgress action, Status status) {
    return new Event(
        TimeOrderedIds.next(now),
        run.tenant(),
        eventType(),
        status == Status.SKIPPED ? Outcome.SKIPPED : Outcome.CANCELLED,
        reference(action, null, true),
        run.plan().actions().get(index).connectionId(),
        action.provider(),
        null,
        null,
        null,
        null,
        run.plan().actor(),
        now);
  }

  private String eventType() {
    return run.plan().notice() ? Event.NOTICE : Event.WEBHOOK;
  }

  private DeliveryRef reference(ActionProgress action, @Nullable Integer attempt, boolean ends) {
    return new DeliveryRef(
        run.id(),
        run.jobId(),
        action.index(),
        action.deliveryId(),
        attempt,
        run.plan().transitionEventType(),
        ends);
  }

  private @Nullable LedgerEntry charge() {
    String provider = provider();
    return provider == null || run.plan().notice()
        ? null
        : new LedgerEntry(
            TimeOrderedIds.next(now),
            run.tenant(),
            run.id(),
            run.progress().deliveryId(),
            run.action().connectionId(),
            provider,
            now);
  }

  private @Nullable String provider() {
    SealedConnection connection = run.connection();
    if (connection != null) {
      return connection.provider();
    }
    return run.current().firedProvider() == null
        ? run.progress().provider()
        : run.current().firedProvider();
  }

  private static @Nullable Failure failure(Decision decision) {
    if (decision instanceof Decision.GiveUp giveUp) {
      return giveUp.failure();
    }
    return decision instanceof Decision.TryAgain again ? again.failure() : null;
  }
}
