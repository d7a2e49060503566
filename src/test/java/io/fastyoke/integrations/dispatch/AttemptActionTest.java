package io.fastyoke.integrations.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.fastyoke.integrations.delivery.ActionOutcome;
import io.fastyoke.integrations.events.Event.Failure;
import io.fastyoke.integrations.plan.ActionProgress.Status;
import io.fastyoke.integrations.plan.Run;
import io.fastyoke.integrations.plan.StoredRun;
import io.fastyoke.integrations.queue.ClaimedRun;
import io.fastyoke.integrations.queue.Completion;
import io.fastyoke.integrations.queue.Completion.Next;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class AttemptActionTest {
  private final ConcurrencyLimiter limiter = new ConcurrencyLimiter(4);
  private final List<ClaimedRun> sent = new ArrayList<>();
  private @Nullable ActionOutcome outcome =
      new ActionOutcome.NotTried(new Failure("template_error", "no"), null);

  private final AttemptAction attempts =
      new AttemptAction(
          run -> {
            sent.add(run);
            return Uni.createFrom().item(outcome);
          },
          provider -> false,
          limiter,
          new RunMetrics(new SimpleMeterRegistry(), limiter),
          new AttemptLog(() -> TestRuns.NOW, new ManualTimers(), 0),
          () -> TestRuns.NOW);

  private Completion attempt(ClaimedRun run) {
    return attempts.attempt(run).await().indefinitely();
  }

  private static ClaimedRun run(boolean interrupted, boolean cancelRequested, long leaseToken) {
    return TestRuns.claimed(
        1, new ClaimedRun.Current(1, interrupted, cancelRequested, null, null), leaseToken, null);
  }

  @Test
  void theOutcomeOfAnAttemptDecides() {
    Completion completion = attempt(TestRuns.claimed(1));
    assertThat(sent).hasSize(1);
    assertThat(completion.next()).isEqualTo(new Next.Finish(Run.Status.FAILED, TestRuns.NOW));
  }

  @Test
  void aRunThatIsToBeCancelledIsNotAttempted() {
    Completion completion = attempt(run(false, true, 1));
    assertThat(completion.next()).isEqualTo(new Next.Finish(Run.Status.CANCELLED, TestRuns.NOW));
    assertThat(sent).isEmpty();
  }

  @Test
  void anInterruptedAttemptIsDecidedWithoutAnother() {
    Completion completion = attempt(run(true, true, 2));
    assertThat(completion.events()).isNotEmpty();
    assertThat(completion.actions().get(0).status()).isEqualTo(Status.FAILED);
    assertThat(sent).isEmpty();
  }

  @Test
  void whatCannotBeReadIsNotSent() {
    ClaimedRun run = TestRuns.claimed(1);
    ClaimedRun unreadable =
        new ClaimedRun(
            run.ref(), run.claim(), StoredRun.unreadable(run.id(), null, null), run.current());
    Completion completion = attempt(unreadable);
    assertThat(completion.actions().get(0).error().code()).isEqualTo("unreadable_run");
    assertThat(sent).isEmpty();
  }

  @Test
  void aStoppingServiceGivesTheRunBackAtOnce() {
    limiter.close();
    assertThat(attempt(TestRuns.claimed(1)).next()).isEqualTo(new Next.Later(Duration.ZERO, 0));
    assertThat(sent).isEmpty();
  }

  /** A hundred for each action, and a hundred to spare. */
  @Test
  void aRunWhoseLeaseIsTooOldToSendIsGivenBackButNotForEver() {
    outcome = null;
    long last = 2L * AttemptAction.MAX_TOKENS_PER_ACTION - 1;
    assertThat(attempt(run(false, false, last)).next())
        .isEqualTo(new Next.Later(AttemptAction.NO_TIME_DELAY, 0));
    Completion gaveUp = attempt(run(false, false, last + 1));
    assertThat(gaveUp.actions().get(0).error().code()).isEqualTo("unreachable");
  }
}
