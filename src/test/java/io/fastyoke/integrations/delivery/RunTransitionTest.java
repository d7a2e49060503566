package io.fastyoke.integrations.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.fastyoke.integrations.connections.ConnectionSettings;
import io.fastyoke.integrations.connections.SealedConnection;
import io.fastyoke.integrations.delivery.ActionOutcome.Delivered;
import io.fastyoke.integrations.delivery.ActionOutcome.Interrupted;
import io.fastyoke.integrations.delivery.ActionOutcome.NotTried;
import io.fastyoke.integrations.delivery.ActionOutcome.Refused;
import io.fastyoke.integrations.delivery.RetryPolicy.Decision;
import io.fastyoke.integrations.events.Event;
import io.fastyoke.integrations.events.Event.Answer;
import io.fastyoke.integrations.events.Event.Failure;
import io.fastyoke.integrations.events.Event.RequestLine;
import io.fastyoke.integrations.identity.Caller.Actor;
import io.fastyoke.integrations.identity.TenantId;
import io.fastyoke.integrations.plan.ActionProgress;
import io.fastyoke.integrations.plan.ActionProgress.Status;
import io.fastyoke.integrations.plan.PayloadTemplate;
import io.fastyoke.integrations.plan.Run;
import io.fastyoke.integrations.plan.RunPlan;
import io.fastyoke.integrations.plan.RunPlan.PlannedAction;
import io.fastyoke.integrations.plan.StoredRun;
import io.fastyoke.integrations.providers.AnswerVerdict.Rejected;
import io.fastyoke.integrations.queue.ClaimedRun;
import io.fastyoke.integrations.queue.Completion;
import io.fastyoke.integrations.queue.Completion.Next;
import io.fastyoke.integrations.queue.RunRef;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is written after an attempt: the run's fate, its actions, the log's rows and the charge. */
class RunTransitionTest {
  private static final Instant NOW = Instant.parse("2026-11-24T03:00:00Z");
  private static final UUID CONNECTION = UUID.fromString("01a20b6d-a327-7000-9428-3d92ba9e2cab");
  private static final RequestLine LINE = new RequestLine("POST", "https://example.org/");
  private static final Failure FAILURE = new Failure("http_status", "What happened.");
  private static final ActionOutcome DELIVERED = new Delivered(LINE, answer(200), 5, false);
  private static final ActionOutcome REFUSED =
      new Refused(LINE, answer(503), 5, new Rejected(null, true, true, null, false));
  private static final ActionOutcome GONE =
      new Refused(LINE, answer(410), 5, new Rejected(null, false, false, null, true));
  private static final ActionOutcome NOT_TRIED = new NotTried(FAILURE, null);
  private static final Decision SUCCESS = new Decision.Success();
  private static final Decision GIVE_UP = new Decision.GiveUp(FAILURE);
  private static final Decision AGAIN = new Decision.TryAgain(FAILURE, Duration.ofSeconds(7));

  private static Answer answer(int status) {
    return new Answer(status, Map.of(), null, false);
  }

  /** A run whose current action is in its second attempt; the next ones are untouched. */
  private static final class Runs {
    private boolean goesOn;
    private boolean cancelRequested;
    private int decided;
    private int attempt = 2;
    private @Nullable SealedConnection connection = connection("active");
    private @Nullable String firedProvider;

    private static SealedConnection connection(String status) {
      return new SealedConnection(
          CONNECTION,
          "generic_rest",
          status.equals("active"),
          false,
          ConnectionSettings.DEFAULTS,
          new byte[0]);
    }

    private RunTransition of(int count) {
      List<PlannedAction> planned =
          IntStream.range(0, count)
              .mapToObj(
                  i ->
                      new PlannedAction(
                          "WEBHOOK",
                          new PayloadTemplate(CONNECTION.toString(), null, "/x", null, null),
                          goesOn,
                          null))
              .toList();
      List<ActionProgress> actions =
          IntStream.range(0, count).mapToObj(i -> progress(i, planned.get(i))).toList();
      return new RunTransition(
          new ClaimedRun(
              new RunRef(UUID.randomUUID(), new TenantId("t"), "job", null, NOW),
              new ClaimedRun.Claim(4, UUID.randomUUID(), null, 0, null, 0),
              new StoredRun(
                  new RunPlan(null, null, null, new Actor("engine", null, null), planned),
                  actions,
                  true),
              new ClaimedRun.Current(attempt, false, cancelRequested, connection, firedProvider)),
          NOW);
    }

    private ActionProgress progress(int index, PlannedAction action) {
      ActionProgress pending = ActionProgress.pending(index, action, UUID.randomUUID());
      if (index < decided) {
        return pending.with(Status.SUCCEEDED);
      }
      return index == decided && attempt > 1 ? pending.running(attempt - 1) : pending;
    }
  }

  private static List<Status> statuses(Completion completion) {
    return completion.actions().stream().map(ActionProgress::status).toList();
  }

  /** As {@code action:attempt:outcome}, with an exclamation mark for the row that decides. */
  private static List<String> log(Completion completion) {
    return completion.events().stream().map(RunTransitionTest::row).toList();
  }

  private static String row(Event event) {
    return event.delivery().actionIndex()
        + ":"
        + event.delivery().attempt()
        + ":"
        + event.outcome().wire()
        + (event.delivery().endsAction() ? "!" : "");
  }

  private static Run.@Nullable Status fate(Completion completion) {
    return completion.next() instanceof Next.Finish finish ? finish.status() : null;
  }

  @Test
  void theLastSuccessFinishesTheRun() {
    Completion completion = new Runs().of(1).after(DELIVERED, SUCCESS);
    assertThat(fate(completion)).isEqualTo(Run.Status.SUCCEEDED);
    assertThat(log(completion)).containsExactly("0:2:success!");
    assertThat(completion.charge()).isNotNull();
  }

  /** It counts as an attempt and as a failure of the connection, and costs nothing. */
  @Test
  void anAttemptWithoutATokenIsNotCharged() {
    ActionOutcome none = new ActionOutcome.NoToken(LINE, FAILURE, 5, true, null);
    Completion completion = new Runs().of(1).after(none, AGAIN);
    assertThat(completion.charge()).isNull();
    assertThat(log(completion)).containsExactly("0:2:failure");
    assertThat(completion.actions().get(0).attempts()).isEqualTo(2);
    assertThat(completion.failedConnection()).isEqualTo(CONNECTION);
  }

  @Test
  void aSuccessFiresTheNextAction() {
    Completion completion = new Runs().of(2).after(DELIVERED, SUCCESS);
    assertThat(completion.next()).isInstanceOf(Next.FireNext.class);
    assertThat(statuses(completion)).containsExactly(Status.SUCCEEDED, Status.PENDING);
    assertThat(completion.givenBack().next()).isEqualTo(new Next.Later(Duration.ZERO, 0));
  }

  @Test
  void aFailureSkipsTheRest() {
    Completion completion = new Runs().of(3).after(REFUSED, GIVE_UP);
    assertThat(fate(completion)).isEqualTo(Run.Status.FAILED);
    assertThat(statuses(completion)).containsExactly(Status.FAILED, Status.SKIPPED, Status.SKIPPED);
    assertThat(log(completion))
        .containsExactly("0:2:failure!", "1:null:skipped!", "2:null:skipped!");
    assertThat(completion.failedConnection()).isEqualTo(CONNECTION);
  }

  @Test
  void aFailureThatMayBeGoesOnAndFailsTheRunInTheEnd() {
    Runs runs = new Runs();
    runs.goesOn = true;
    assertThat(runs.of(2).after(REFUSED, GIVE_UP).next()).isInstanceOf(Next.FireNext.class);
    assertThat(fate(runs.of(1).after(REFUSED, GIVE_UP))).isEqualTo(Run.Status.FAILED);
  }

  @Test
  void aRepetitionIsDueAfterItsDelayAndDecidesNothing() {
    Completion completion = new Runs().of(2).after(REFUSED, AGAIN);
    assertThat(completion.next()).isEqualTo(new Next.Later(Duration.ofSeconds(7), 2));
    assertThat(statuses(completion)).containsExactly(Status.RETRYING, Status.PENDING);
    assertThat(completion.actions().get(0).nextAttemptAt()).isEqualTo(NOW.plusSeconds(7));
    assertThat(log(completion)).containsExactly("0:2:failure");
    assertThat(completion.charge()).isNotNull();
  }

  @Test
  void whatWasNotTriedIsNotCharged() {
    Completion completion = new Runs().of(1).after(NOT_TRIED, GIVE_UP);
    assertThat(completion.charge()).isNull();
    assertThat(completion.failedConnection()).isNull();
    assertThat(completion.actions().get(0).attempts()).isEqualTo(1);
    assertThat(log(completion)).containsExactly("0:null:failure!");
  }

  @Test
  void aReceiverThatIsGonePausesItsConnection() {
    assertThat(new Runs().of(1).after(GONE, GIVE_UP).pauseConnection()).isEqualTo(CONNECTION);
    assertThat(new Runs().of(1).after(REFUSED, GIVE_UP).pauseConnection()).isNull();
  }

  @Test
  void aTrialThatSucceedsBringsItsConnectionBack() {
    Runs runs = new Runs();
    assertThat(runs.of(1).after(DELIVERED, SUCCESS).recoveredConnection()).isNull();
    runs.connection = Runs.connection("paused");
    assertThat(runs.of(1).after(DELIVERED, SUCCESS).recoveredConnection()).isEqualTo(CONNECTION);
    assertThat(runs.of(1).after(REFUSED, GIVE_UP).recoveredConnection()).isNull();
  }

  @Test
  void handingBackTakesTheAttemptBackAndWritesNothing() {
    Completion completion = new Runs().of(2).handBack(Duration.ofSeconds(1));
    assertThat(completion.next()).isEqualTo(new Next.Later(Duration.ofSeconds(1), 1));
    assertThat(completion.events()).isEmpty();
    assertThat(completion.charge()).isNull();
    assertThat(completion.actions()).isEqualTo(completion.run().actions());
  }

  @Test
  void cancellingDecidesWhatHasNotBeenSentOnce() {
    Runs runs = new Runs();
    runs.decided = 1;
    Completion completion = runs.of(3).cancel();
    assertThat(fate(completion)).isEqualTo(Run.Status.CANCELLED);
    assertThat(statuses(completion))
        .containsExactly(Status.SUCCEEDED, Status.CANCELLED, Status.CANCELLED);
    assertThat(log(completion)).containsExactly("1:null:cancelled!", "2:null:cancelled!");
    assertThat(completion.charge()).isNull();
  }

  @Test
  void aRepetitionThatIsCancelledKeepsItsAttemptAndIsDecidedOnce() {
    RunTransition step = new Runs().of(2);
    Completion completion = step.cancelled(step.after(REFUSED, AGAIN));
    assertThat(fate(completion)).isEqualTo(Run.Status.CANCELLED);
    assertThat(log(completion))
        .containsExactly("0:2:failure", "0:null:cancelled!", "1:null:cancelled!");
    assertThat(completion.actions().get(0).attempts()).isEqualTo(2);
    assertThat(completion.charge()).isNotNull();
  }

  @Test
  void theOutcomeOfAnAttemptOutlivesTheWishToCancel() {
    RunTransition step = new Runs().of(2);
    Completion completion = step.cancelled(step.after(DELIVERED, SUCCESS));
    assertThat(statuses(completion)).containsExactly(Status.SUCCEEDED, Status.CANCELLED);
    assertThat(log(completion)).containsExactly("0:2:success!", "1:null:cancelled!");
  }

  @Test
  void aWishKnownBeforeTheOutcomeEndsTheActionWithIt() {
    Runs runs = new Runs();
    runs.cancelRequested = true;
    Completion completion = runs.of(2).after(new Interrupted(), AGAIN);
    assertThat(fate(completion)).isEqualTo(Run.Status.CANCELLED);
    assertThat(statuses(completion)).containsExactly(Status.FAILED, Status.CANCELLED);
    assertThat(log(completion)).containsExactly("0:2:failure!", "1:null:cancelled!");
  }

  /** The process died, and the connection has been deleted since. */
  @Test
  void whatWasFiredAtAConnectionThatIsGoneIsCharged() {
    Runs runs = new Runs();
    runs.connection = null;
    runs.attempt = 1;
    runs.firedProvider = "twilio";
    Completion completion = runs.of(1).after(new Interrupted(), GIVE_UP);
    assertThat(completion.charge()).isNotNull();
    assertThat(completion.charge().provider()).isEqualTo("twilio");
    assertThat(completion.events().get(0).provider()).isEqualTo("twilio");
  }
}
