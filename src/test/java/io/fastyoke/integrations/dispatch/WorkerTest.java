package io.fastyoke.integrations.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.fastyoke.integrations.plan.ActionProgress;
import io.fastyoke.integrations.plan.Run;
import io.fastyoke.integrations.queue.ClaimedRun;
import io.fastyoke.integrations.queue.Completion;
import io.fastyoke.integrations.queue.Completion.Next;
import io.fastyoke.integrations.queue.RecordOutcomes.Recorded;
import io.fastyoke.integrations.queue.ResolveCommit.Finding;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class WorkerTest {
  private static final Recorded WRITTEN = new Recorded.Written(false, null, 0, false);
  private static final Recorded CLAIMED_NEXT = new Recorded.Written(true, null, 0, false);

  private final ConcurrencyLimiter limiter = new ConcurrencyLimiter(4);
  private final ManualTimers timers = new ManualTimers();
  private final InFlightRuns inFlightRuns = new InFlightRuns(timers);
  private final CompletionWaits completions = new CompletionWaits(timers);
  private final Permits permits = new Permits(limiter, new PayloadMemoryBudget(1_000), timers);
  private final RecordedEvents listener = new RecordedEvents();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final List<ClaimedRun> attempts = new ArrayList<>();
  private final List<Completion> recorded = new ArrayList<>();
  private final Deque<Uni<Recorded>> answers = new ArrayDeque<>();
  private Finding finding = new Finding.Lost();
  private Function<ClaimedRun, Uni<Completion>> attempt = run -> Uni.createFrom().item(finish(run));

  private final Worker worker =
      new Worker(
          new Worker.Steps(
              run -> {
                attempts.add(run);
                return attempt.apply(run);
              },
              completion ->
                  Uni.createFrom()
                      .deferred(
                          () -> {
                            recorded.add(completion);
                            return answers.isEmpty()
                                ? Uni.createFrom().item(WRITTEN)
                                : answers.poll();
                          }),
              completion -> Uni.createFrom().item(finding)),
          inFlightRuns,
          completions,
          limiter,
          listener,
          new RunMetrics(meters, limiter),
          RunTraces.off(),
          () -> TestRuns.NOW);

  private static Completion completion(ClaimedRun run, Next next) {
    List<ActionProgress> actions = new ArrayList<>(run.actions());
    actions.set(run.index(), run.progress().with(ActionProgress.Status.SUCCEEDED));
    return new Completion(run, actions, next, List.of(), null, null, null);
  }

  private static Completion finish(ClaimedRun run) {
    return completion(run, new Next.Finish(Run.Status.SUCCEEDED, TestRuns.NOW));
  }

  private void start(ClaimedRun run) {
    worker.start(run, permits.forClaimedRun(run));
  }

  private void assertDone() {
    assertThat(limiter.inFlight()).isZero();
    assertThat(limiter.unrecorded()).isZero();
    timers.advance(Duration.ofHours(1));
    assertThat(inFlightRuns.old()).isEmpty();
  }

  @Test
  void aRunThatFinishesReleasesItsPermitAndTellsThoseWhoWait() {
    ClaimedRun run = TestRuns.claimed(1);
    CompletableFuture<Run> waiting =
        completions
            .await(run.id(), Duration.ofSeconds(1), () -> Uni.createFrom().nothing())
            .subscribeAsCompletionStage();
    start(run);
    assertThat(waiting.join().status()).isEqualTo(Run.Status.SUCCEEDED);
    assertThat(meters.counter("fastyoke.runs.finished", "status", "succeeded").count())
        .isEqualTo(1);
    assertThat(listener.events).containsExactly("permit released", "permit released");
    assertDone();
  }

  @Test
  void thePermitIsReleasedBeforeTheOutcomeIsOnDiskAndTheRestAfterwards() {
    CompletableFuture<Recorded> answer = new CompletableFuture<>();
    answers.add(Uni.createFrom().completionStage(answer));
    ClaimedRun run = TestRuns.claimed(1);
    start(run);
    assertThat(limiter.inFlight()).isZero();
    assertThat(limiter.unrecorded()).isEqualTo(1);
    assertThat(listener.events).containsExactly("permit released");
    timers.advance(Duration.ofHours(1));
    assertThat(inFlightRuns.old()).containsExactly(run.id());
    answer.complete(WRITTEN);
    assertDone();
  }

  @Test
  void theNextActionIsFiredUnderTheSamePermit() {
    answers.add(Uni.createFrom().item(CLAIMED_NEXT));
    List<UniEmitter<? super Completion>> ends = new ArrayList<>();
    attempt =
        run ->
            run.index() == 0
                ? Uni.createFrom().item(completion(run, new Next.FireNext()))
                : Uni.createFrom().emitter(ends::add);
    start(TestRuns.claimed(2));
    assertThat(attempts).extracting(ClaimedRun::index).containsExactly(0, 1);
    assertThat(attempts.get(1).claim().leaseToken()).isEqualTo(2);
    assertThat(limiter.inFlight()).isEqualTo(1);
    assertThat(listener.events).isEmpty();
    ends.get(0).complete(finish(attempts.get(1)));
    assertDone();
  }

  @Test
  void aNextActionWithLimitsIsLeftToThem() {
    attempt = run -> Uni.createFrom().item(completion(run, new Next.FireNext()));
    start(TestRuns.claimed(2));
    assertThat(attempts).hasSize(1);
    assertThat(listener.events).containsExactly("limiter changed", "permit released");
    assertDone();
  }

  @Test
  void theListenerIsToldOfWhatBecomesDueAndOfLimits() {
    ClaimedRun run =
        TestRuns.claimed(
            1, new ClaimedRun.Current(1, false, false, null, null), 1, UUID.randomUUID());
    attempt =
        any -> Uni.createFrom().item(completion(run, new Next.Later(Duration.ofSeconds(3), 1)));
    answers.add(Uni.createFrom().item(new Recorded.Written(false, null, 0, true)));
    start(run);
    assertThat(listener.events)
        .containsExactly(
            "permit released", "due in PT0S", "limiter changed", "due in PT3S", "permit released");
  }

  @Test
  void anOutcomeIsRecordedAgainUntilTheDatabaseTakesIt() throws Exception {
    CompletableFuture<Boolean> done = new CompletableFuture<>();
    answers.add(Uni.createFrom().failure(new IllegalStateException("no database")));
    answers.add(Uni.createFrom().item(WRITTEN).onTermination().invoke(() -> done.complete(true)));
    start(TestRuns.claimed(1));
    assertThat(done.get(10, TimeUnit.SECONDS)).isTrue();
    assertThat(recorded).hasSize(2).allMatch(recorded.get(0)::equals);
    assertThat(attempts).hasSize(1);
  }

  @Test
  void aLostLeaseEndsTheRunHereWithoutAnother() {
    answers.add(Uni.createFrom().item(new Recorded.NotWritten()));
    start(TestRuns.claimed(2));
    assertThat(recorded).hasSize(1);
    assertThat(listener.events).containsExactly("permit released", "permit released");
    assertThat(meters.find("fastyoke.runs.finished").counters())
        .hasSize(3)
        .allMatch(counter -> counter.count() == 0);
    assertThat(meters.counter("fastyoke.leases.lost").count()).isEqualTo(1);
    assertDone();
  }

  @Test
  void aCommitWhoseAnswerWasLostCounts() {
    answers.add(Uni.createFrom().item(new Recorded.NotWritten()));
    finding = new Finding.Committed(new Recorded.Written(true, null, 0, false));
    attempt =
        run ->
            Uni.createFrom()
                .item(run.index() == 0 ? completion(run, new Next.FireNext()) : finish(run));
    start(TestRuns.claimed(2));
    assertThat(attempts).hasSize(2);
    assertDone();
  }

  @Test
  void aRequestToCancelThatCameMeanwhileStopsTheNextAction() {
    answers.add(Uni.createFrom().item(new Recorded.NotWritten()));
    finding = new Finding.ToBeCancelled();
    attempt = run -> Uni.createFrom().item(completion(run, new Next.FireNext()));
    start(TestRuns.claimed(2));
    assertThat(attempts).hasSize(1);
    assertThat(recorded).hasSize(2);
    assertThat(recorded.get(1).next())
        .isEqualTo(new Next.Finish(Run.Status.CANCELLED, TestRuns.NOW));
    assertThat(recorded.get(1).actions())
        .extracting(ActionProgress::status)
        .containsExactly(ActionProgress.Status.SUCCEEDED, ActionProgress.Status.CANCELLED);
    assertDone();
  }

  @Test
  void aStoppingServiceGivesTheNextActionBack() {
    attempt =
        run -> {
          limiter.close();
          return Uni.createFrom().item(completion(run, new Next.FireNext()));
        };
    start(TestRuns.claimed(2));
    assertThat(recorded.get(0).next()).isEqualTo(new Next.Later(Duration.ZERO, 0));
    assertThat(limiter.isDrained()).isTrue();
  }

  @Test
  void aFaultOfOurOwnLeavesTheRunToItsLeaseAndReleasesThePermit() {
    attempt =
        run -> {
          throw new IllegalStateException("a fault");
        };
    start(TestRuns.claimed(1));
    assertThat(recorded).isEmpty();
    assertThat(listener.events).containsExactly("permit released");
    assertDone();
  }
}
