package io.fastyoke.integrations.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.fastyoke.integrations.dispatch.Acceptor.Receipt;
import io.fastyoke.integrations.errors.ApiException;
import io.fastyoke.integrations.plan.RunCodec;
import io.fastyoke.integrations.queue.ClaimedRun;
import io.fastyoke.integrations.queue.EnqueueResult;
import io.fastyoke.integrations.queue.NewRun;
import io.fastyoke.integrations.queue.RunQueue;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smallrye.mutiny.Uni;
import io.vertx.sqlclient.ClosedConnectionException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class AcceptorTest {
  private final ConcurrencyLimiter limiter = new ConcurrencyLimiter(1);
  private final ManualTimers timers = new ManualTimers();
  private final RecordedEvents listener = new RecordedEvents();
  private final List<NewRun> written = new ArrayList<>();
  private final List<Permit> started = new ArrayList<>();
  private final List<Collection<UUID>> released = new ArrayList<>();
  private final Deque<Function<NewRun, Uni<EnqueueResult>>> answers = new ArrayDeque<>();
  private boolean full;
  private boolean behind;

  private final RunQueue queue =
      new RunQueue() {
        @Override
        public boolean isFull() {
          return full;
        }

        @Override
        public boolean isBehind() {
          return behind;
        }

        @Override
        public boolean hasRoomFor(int characters) {
          return true;
        }

        @Override
        public Uni<EnqueueResult> enqueue(NewRun run) {
          return Uni.createFrom()
              .deferred(
                  () -> {
                    written.add(run);
                    return answers.isEmpty() ? stored(run) : answers.poll().apply(run);
                  });
        }
      };

  private final Acceptor acceptor =
      new Acceptor(
          queue,
          new LostClaims(
              lost -> {
                released.add(lost);
                return Uni.createFrom().item(0);
              },
              limiter,
              listener,
              timers),
          (run, permit) -> started.add(permit),
          new Permits(limiter, new PayloadMemoryBudget(1_000), timers),
          limiter,
          listener,
          new RunMetrics(new SimpleMeterRegistry(), limiter),
          RunTraces.off(),
          new RunCodec(new ObjectMapper()),
          () -> TestRuns.NOW);

  private static Uni<EnqueueResult> stored(NewRun run) {
    ClaimedRun claimed = TestRuns.claimed(1);
    return Uni.createFrom()
        .item(
            run.startsNow()
                ? new EnqueueResult.Started(claimed)
                : new EnqueueResult.Queued(run.view(), false));
  }

  private Receipt accept() {
    return acceptor
        .accept(TestRuns.TENANT, TestRuns.plan(1), true, "key", null)
        .await()
        .indefinitely();
  }

  @Test
  void aRunWithAPermitIsWrittenAsStartedAndTakesThePermitToTheWorker() {
    Receipt receipt = accept();
    assertThat(receipt.repeated()).isFalse();
    assertThat(written).singleElement().matches(NewRun::startsNow);
    assertThat(limiter.inFlight()).isEqualTo(1);
    assertThat(listener.events).isEmpty();
    started.get(0).close();
    assertThat(limiter.inFlight()).isZero();
  }

  @Test
  void aRunWithoutAPermitIsQueuedAndTheListenerTold() {
    accept();
    limiter.queued(TestRuns.TENANT);
    accept();
    assertThat(written.get(1).startsNow()).isFalse();
    assertThat(started).hasSize(1);
    assertThat(listener.events).containsExactly("queued t1");
  }

  @Test
  void aRunBehindAnotherOfItsJobReleasesItsPermit() {
    answers.add(run -> Uni.createFrom().item(new EnqueueResult.Queued(run.view(), true)));
    accept();
    assertThat(limiter.inFlight()).isZero();
    assertThat(listener.events).as("it waits for another run, not for a permit").isEmpty();
  }

  @Test
  void aRepeatedRequestReleasesItsPermitAndGetsTheEarlierRun() {
    UUID earlier = UUID.randomUUID();
    answers.add(
        run ->
            Uni.createFrom()
                .item(
                    new EnqueueResult.Repeated(
                        TestRuns.view(earlier, null), run.key().requestHash())));
    Receipt receipt = accept();
    assertThat(receipt.repeated()).isTrue();
    assertThat(receipt.run().id()).isEqualTo(earlier);
    assertThat(limiter.inFlight()).isZero();
  }

  @Test
  void aKeyThatWasUsedForAnotherRequestIsRefused() {
    answers.add(
        run ->
            Uni.createFrom()
                .item(
                    new EnqueueResult.Repeated(
                        TestRuns.view(UUID.randomUUID(), null), new byte[32])));
    assertThatThrownBy(this::accept).isInstanceOf(ApiException.class);
    assertThat(limiter.inFlight()).isZero();
  }

  @Test
  void aLostConnectionIsRepeatedOnceUnderTheSameId() {
    answers.add(run -> Uni.createFrom().failure(ClosedConnectionException.INSTANCE));
    accept();
    assertThat(written).hasSize(2);
    assertThat(written.get(1).id()).isEqualTo(written.get(0).id());
    assertThat(started).hasSize(1);
  }

  @Test
  void aSecondLostConnectionIsAnError() {
    answers.add(run -> Uni.createFrom().failure(ClosedConnectionException.INSTANCE));
    answers.add(run -> Uni.createFrom().failure(ClosedConnectionException.INSTANCE));
    assertThatThrownBy(this::accept).isInstanceOf(ClosedConnectionException.class);
    assertThat(written).hasSize(2);
    assertThat(limiter.inFlight()).isZero();
  }

  @Test
  void aRunThatMayBeOnDiskAllTheSameIsReleased() {
    answers.add(run -> Uni.createFrom().failure(new IllegalStateException("no database")));
    assertThatThrownBy(this::accept).hasMessage("no database");
    assertThat(limiter.inFlight()).isZero();
    assertThat(started).isEmpty();
    timers.advance(LostClaims.FIRST_DELAY_MS);
    assertThat(released).containsExactly(Set.of(written.get(0).id()));
  }

  @Test
  void nothingIsAcceptedThatCannotBeStoredOrServedSoon() {
    full = true;
    assertThatThrownBy(this::accept).isInstanceOf(ApiException.class);
    full = false;
    behind = true;
    assertThatThrownBy(this::accept).isInstanceOf(ApiException.class);
    behind = false;
    limiter.close();
    assertThatThrownBy(this::accept).isInstanceOf(ApiException.class);
    assertThat(written).isEmpty();
  }
}
