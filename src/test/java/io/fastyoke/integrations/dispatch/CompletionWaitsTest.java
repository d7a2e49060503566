package io.fastyoke.integrations.dispatch;

import static io.fastyoke.integrations.dispatch.TestRuns.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.fastyoke.integrations.plan.Run;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.helpers.test.UniAssertSubscriber;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class CompletionWaitsTest {
  private static final Duration WAIT = Duration.ofSeconds(5);

  private final UUID id = UUID.randomUUID();
  private final Run running = TestRuns.view(id, null);
  private final Run finished = TestRuns.view(id, NOW);
  private final ManualTimers timers = new ManualTimers();
  private final CompletionWaits waits = new CompletionWaits(timers);
  private Uni<Run> stored = Uni.createFrom().item(running);
  private int looks;

  private UniAssertSubscriber<Run> await() {
    return waits
        .await(
            id,
            WAIT,
            () -> {
              looks++;
              return stored;
            })
        .subscribe()
        .withSubscriber(UniAssertSubscriber.create());
  }

  @Test
  void aRunThatFinishesHereEndsAllWaitsForItWithoutALookAtTheDatabase() {
    UniAssertSubscriber<Run> one = await();
    UniAssertSubscriber<Run> other = await();
    waits.finished(TestRuns.view(UUID.randomUUID(), NOW));
    one.assertNotTerminated();
    waits.finished(finished);
    one.assertItem(finished);
    other.assertItem(finished);
    assertThat(looks).isZero();
    assertThat(timers.waiting()).isZero();
  }

  @Test
  void aRunThatFinishesOnAnotherReplicaIsSeenInTheDatabase() {
    UniAssertSubscriber<Run> waiting = await();
    timers.advance(CompletionWaits.FIRST_LOOK_MS);
    assertThat(looks).isEqualTo(1);
    stored = Uni.createFrom().item(finished);
    timers.advance(2 * CompletionWaits.FIRST_LOOK_MS);
    waiting.assertItem(finished);
    assertThat(timers.waiting()).isZero();
  }

  /** After 50, 150, 350, 750 and 1,250 ms, and so on. */
  @Test
  void looksBecomeSeldom() {
    await();
    timers.advance(1_250);
    assertThat(looks).isEqualTo(5);
    timers.advance(CompletionWaits.MAX_LOOK_DELAY_MS - 1);
    assertThat(looks).isEqualTo(5);
  }

  @Test
  void aLookThatFailsIsRepeated() {
    stored = Uni.createFrom().failure(new IllegalStateException("no database"));
    UniAssertSubscriber<Run> waiting = await();
    timers.advance(CompletionWaits.FIRST_LOOK_MS);
    stored = Uni.createFrom().item(finished);
    timers.advance(2 * CompletionWaits.FIRST_LOOK_MS);
    waiting.assertItem(finished);
  }

  @Test
  void theRunIsGivenAsItIsWhenTheTimeIsUp() {
    UniAssertSubscriber<Run> waiting = await();
    timers.advance(WAIT.toMillis() - 1);
    waiting.assertNotTerminated();
    timers.advance(1);
    waiting.assertItem(running);
    assertThat(timers.waiting()).isZero();
  }

  @Test
  void noWaitOutlastsTheService() {
    UniAssertSubscriber<Run> before = await();
    waits.stop();
    before.assertItem(running);
    await().assertItem(running);
    assertThat(timers.waiting()).isZero();
  }

  @Test
  void aCallerThatHasGoneLeavesNothingBehind() {
    UniAssertSubscriber<Run> waiting = await();
    waiting.cancel();
    assertThat(timers.waiting()).isZero();
    timers.advance(WAIT);
    assertThat(looks).isZero();
  }
}
