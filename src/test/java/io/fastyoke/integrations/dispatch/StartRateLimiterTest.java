package io.fastyoke.integrations.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StartRateLimiterTest {
  private static final int LIMIT = 256;
  private static final Duration TICK = Duration.ofMillis(20);

  private final StartRateLimiter startRate = new StartRateLimiter(LIMIT, 0);
  private long now;
  private int taken;
  private long ended;

  /** Claims all that is allowed, tick by tick. */
  private int claimFor(Duration time) {
    int before = taken;
    for (long end = now + time.toNanos(); now < end; ) {
      now += TICK.toNanos();
      int count = startRate.allows(LIMIT - taken, taken, ended, now);
      taken += count;
      startRate.claimed(count, taken);
    }
    return taken - before;
  }

  private void end(int count) {
    taken -= count;
    ended += count;
  }

  @Test
  void theFirstHalfIsFilledAtOnceAndTheOtherWithinHalfASecond() {
    assertThat(claimFor(TICK)).isBetween(128, 138);
    assertThat(claimFor(Duration.ofMillis(240))).isBetween(60, 65);
    claimFor(Duration.ofMillis(260));
    assertThat(taken).isEqualTo(LIMIT);
  }

  /** All that began together is answered together: what follows no longer begins together. */
  @Test
  void whatBeginsBehindAnswersThatComeTogetherIsSpread() {
    claimFor(Duration.ofSeconds(1));
    end(128);
    assertThat(claimFor(TICK)).isLessThan(32);
    claimFor(Duration.ofMillis(480));
    assertThat(taken).as("but not for long").isEqualTo(LIMIT);
  }

  /** 4,000 attempts end in a second. */
  @Test
  void fastReceiversAreNotHeldUp() {
    claimFor(Duration.ofSeconds(1));
    for (int i = 0; i < 100; i++) {
      end(80);
      claimFor(TICK);
    }
    assertThat(taken).isEqualTo(LIMIT);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 16})
  void fewSlotsAreFilledAsWell(int limit) {
    StartRateLimiter few = new StartRateLimiter(limit, 0);
    int filled = 0;
    for (int tick = 1; tick <= 51; tick++) {
      int count = few.allows(limit - filled, filled, 0, tick * TICK.toNanos());
      filled += count;
      few.claimed(count, filled);
    }
    assertThat(filled).isEqualTo(limit);
  }
}
