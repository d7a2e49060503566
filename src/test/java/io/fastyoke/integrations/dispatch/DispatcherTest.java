package io.fastyoke.integrations.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.fastyoke.integrations.queue.ClaimRequest;
import io.fastyoke.integrations.queue.ClaimRuns.Claimed;
import io.fastyoke.integrations.queue.ClaimedRun;
import io.fastyoke.integrations.queue.RateLimitedClaims.Admitted;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DispatcherTest {
  private static final Claimed NOTHING = new Claimed(List.of(), 0, 0, true);

  private final ManualTimers timers = new ManualTimers();
  private final ConcurrencyLimiter limiter = new ConcurrencyLimiter(100);
  private final PayloadMemoryBudget memory = new PayloadMemoryBudget(1_000_000);
  private final List<String> claims = new ArrayList<>();
  private final List<ClaimRequest> requests = new ArrayList<>();
  private final Deque<Uni<Claimed>> due = new ArrayDeque<>();
  private final Deque<Uni<Admitted>> limited = new ArrayDeque<>();
  private final List<Permit> started = new ArrayList<>();
  private final List<Collection<UUID>> released = new ArrayList<>();
  private int notifications;

  private final Dispatcher dispatcher =
      new Dispatcher(
          new Claims(
              this::claimDue,
              this::claimLimited,
              new LostClaims(
                  lost -> {
                    released.add(lost);
                    return Uni.createFrom().item(0);
                  },
                  limiter,
                  new RecordedEvents(),
                  timers),
              new InFlightRuns(timers),
              memory),
          (run, permit) -> started.add(permit),
          new Permits(limiter, memory, timers),
          limiter,
          memory,
          () -> notifications++,
          timers);

  private Uni<Claimed> claimDue(ClaimRequest request, boolean anew) {
    claims.add(anew ? "due" : "rest");
    requests.add(request);
    return due.isEmpty() ? Uni.createFrom().item(NOTHING) : due.poll();
  }

  private Uni<Admitted> claimLimited(ClaimRequest request) {
    claims.add("limited");
    requests.add(request);
    return limited.isEmpty()
        ? Uni.createFrom().item(new Admitted(List.of(), null))
        : limited.poll();
  }

  private static List<ClaimedRun> runs(int count) {
    return IntStream.range(0, count).mapToObj(each -> TestRuns.claimed(1)).toList();
  }

  private static Uni<Claimed> found(int count, boolean all) {
    return Uni.createFrom().item(new Claimed(runs(count), 0, count, all));
  }

  /** All permits of the tenant, with its share of the reserve. */
  private void takeAll() {
    IntStream.range(0, 125).forEach(each -> limiter.acquire(TestRuns.TENANT));
  }

  @Test
  void bothKindsOfWorkAreLookedForOnceASecond() {
    dispatcher.start(new StartupEvent());
    timers.advance(Dispatcher.POLL_MS - 1);
    assertThat(claims).isEmpty();
    timers.advance(1);
    assertThat(claims).containsExactly("due", "limited");
    timers.advance(Dispatcher.POLL_MS);
    assertThat(claims).hasSize(4);
  }

  @Test
  void everyRunThatWasClaimedIsStartedUnderAPermitOfItsOwn() {
    due.add(found(3, true));
    dispatcher.workAvailable();
    assertThat(started).hasSize(3).doesNotHaveDuplicates();
    assertThat(limiter.inFlight()).isEqualTo(3);
    started.forEach(Permit::close);
    assertThat(limiter.inFlight()).isZero();
  }

  @Test
  void whileThereMayBeMoreItClaimsAgainAndTakesTurns() {
    due.add(found(1, false));
    dispatcher.workAvailable();
    timers.advance(Dispatcher.CLAIM_DELAY_MS);
    assertThat(claims).containsExactly("due", "limited", "rest");
  }

  @Test
  void thereIsOneClaimAtATime() {
    due.add(Uni.createFrom().nothing());
    dispatcher.workAvailable();
    dispatcher.workAvailable();
    timers.advance(10 * Dispatcher.POLL_MS);
    assertThat(claims).containsExactly("due");
  }

  @Test
  void fewFreePermitsWaitForMoreOfThem() {
    IntStream.range(0, 90).forEach(each -> limiter.acquire(TestRuns.TENANT));
    timers.advance(1_000);
    dispatcher.runDueIn(Duration.ZERO);
    int first = claims.size();
    assertThat(first).isPositive();
    dispatcher.limiterChanged();
    assertThat(claims).hasSize(first);
    timers.advance(Dispatcher.CLAIM_DELAY_MS);
    assertThat(claims.size()).isGreaterThan(first);
  }

  @Test
  void withoutAPermitOtherReplicasAreNotifiedAndTheWorkIsClaimedOnceOneIsReleased() {
    takeAll();
    dispatcher.runQueued(TestRuns.TENANT);
    assertThat(claims).isEmpty();
    assertThat(notifications).isEqualTo(1);
    timers.advance(1_000);
    IntStream.range(0, 60).forEach(each -> limiter.release(TestRuns.TENANT));
    dispatcher.permitReleased();
    assertThat(claims).startsWith("due");
  }

  @Test
  void withAPermitNoOtherReplicaIsNotified() {
    dispatcher.runQueued(TestRuns.TENANT);
    dispatcher.runDueIn(Duration.ZERO);
    assertThat(claims).isNotEmpty();
    assertThat(notifications).isZero();
  }

  @Test
  void aRetryIsClaimedWhenItIsDueAndALongWaitIsLeftToThePoll() {
    dispatcher.runDueIn(Duration.ofMillis(500));
    timers.advance(500);
    assertThat(claims).isEmpty();
    timers.advance(1);
    assertThat(claims).containsExactly("due");
    dispatcher.runDueIn(Duration.ofSeconds(11));
    assertThat(timers.waiting()).isZero();
  }

  @Test
  void aClaimWhoseAnswerIsLostIsReleasedBeforeTheNextOne() {
    due.add(Uni.createFrom().failure(new IllegalStateException("connection reset")));
    dispatcher.workAvailable();
    assertThat(claims).as("not again at once").containsExactly("due");
    assertThat(released).isEmpty();
    dispatcher.runDueIn(Duration.ofMillis(50));
    timers.advance(51);
    assertThat(claims).containsExactly("due", "limited", "due");
    assertThat(released).containsExactly(Set.of(requests.get(0).id()));
  }

  @Test
  void aContestedClaimIsRepeatedAfterAMoment() {
    due.add(Uni.createFrom().item(new Claimed(List.of(), 0, 4, false)));
    dispatcher.runDueIn(Duration.ZERO);
    int before = claims.size();
    timers.advance(Dispatcher.CLAIM_DELAY_MS);
    assertThat(claims.subList(before, claims.size())).containsExactly("due");
  }

  @Test
  void aRateThatHoldsRunsBackIsLookedAtAgainWhenItLetsTheNextOneStart() {
    limited.add(Uni.createFrom().item(new Admitted(runs(1), Duration.ofMillis(200))));
    dispatcher.limiterChanged();
    assertThat(claims).containsExactly("limited");
    assertThat(started).hasSize(1);
    timers.advance(200);
    assertThat(claims).hasSize(1);
    timers.advance(1);
    assertThat(claims).hasSize(2);
  }

  @Test
  void aLimiterThatAnotherReplicaHasLockedIsNotAskedAllTheTime() {
    limited.add(Uni.createFrom().item(new Admitted(List.of(), Duration.ZERO)));
    dispatcher.limiterChanged();
    timers.advance(Dispatcher.LIMITER_DELAY_MS - 1);
    assertThat(claims).hasSize(1);
    timers.advance(1);
    assertThat(claims).hasSize(2);
  }

  @Test
  void runsThatWerePassedOverAreLookedForWhenTheirTenantMayHaveMore() {
    IntStream.range(0, 100).forEach(each -> limiter.acquire(TestRuns.TENANT));
    timers.advance(1_000);
    dispatcher.runDueIn(Duration.ZERO);
    assertThat(requests.get(0).except()).containsExactly("t1");
    timers.advance(1_000);
    claims.clear();
    dispatcher.permitReleased();
    assertThat(claims).as("its share is still in flight").isEmpty();
    limiter.release(TestRuns.TENANT);
    dispatcher.permitReleased();
    assertThat(claims).startsWith("due");
  }

  @Test
  void nothingIsClaimedOnceTheServiceStops() {
    limiter.close();
    dispatcher.workAvailable();
    assertThat(claims).isEmpty();
    assertThat(limiter.isDrained()).isTrue();
  }
}
