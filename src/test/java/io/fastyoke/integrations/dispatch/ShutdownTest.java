package io.fastyoke.integrations.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.fastyoke.integrations.http.ConnectionDrain;
import io.quarkus.runtime.ShutdownEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The thread that stops the process does not sleep here: the test's clock moves on instead. */
class ShutdownTest {
  private static final Duration DELAY = Duration.ofSeconds(7);

  private final List<String> steps = new ArrayList<>();
  private final ConcurrencyLimiter limiter = new ConcurrencyLimiter(4);
  private final ManualTimers timers = new ManualTimers();
  private final CompletionWaits completions = new CompletionWaits(timers);
  private final Shutdown shutdown =
      new Shutdown(limiter, completions, new Connections(), DELAY, timers::advance);
  private boolean quiet = true;

  /** Connections that end when they are told to. */
  private final class Connections extends ConnectionDrain {
    private void step(String name) {
      steps.add(name + (limiter.isClosed() ? ", closed" : ", open"));
    }

    @Override
    public void begin() {
      step("begin");
    }

    @Override
    public void hold() {
      step("hold");
    }

    @Override
    public void stopListening() {
      step("stop listening");
    }

    @Override
    public boolean hasStoppedListening() {
      return true;
    }

    @Override
    public void release() {
      step("release");
    }

    @Override
    public boolean isIdle() {
      return quiet;
    }

    @Override
    public void endIdle() {
      step("end idle");
    }

    @Override
    public boolean isClosed() {
      return true;
    }
  }

  private Duration takes() throws InterruptedException {
    long begin = timers.nanos();
    shutdown.stop();
    return Duration.ofNanos(timers.nanos() - begin);
  }

  @Test
  void attemptsStartUntilProxiesHaveNoticedAndConnectionsEndAfterTheLastAttempt() throws Exception {
    limiter.acquire(TestRuns.TENANT);
    timers.after(DELAY.toMillis() - 1, () -> steps.add(limiter.isClosed() ? "closed" : "open"));
    timers.after(
        DELAY.toMillis() + 3_000,
        () -> {
          steps.add("attempt ends");
          limiter.release(TestRuns.TENANT);
        });
    assertThat(takes()).isBetween(DELAY.plusSeconds(3), DELAY.plusSeconds(4));
    assertThat(steps)
        .containsExactly(
            "begin, open",
            "open",
            "attempt ends",
            "hold, closed",
            "stop listening, closed",
            "release, closed",
            "end idle, closed");
  }

  @Test
  void anAttemptThatHangsDelaysItForThirtySeconds() throws Exception {
    limiter.acquire(TestRuns.TENANT);
    assertThat(takes())
        .isBetween(
            DELAY.plus(Shutdown.ATTEMPTS_TIMEOUT),
            DELAY.plus(Shutdown.ATTEMPTS_TIMEOUT).plusSeconds(1));
  }

  @Test
  void aClientThatNeverEndsDelaysItForFourSeconds() throws Exception {
    quiet = false;
    assertThat(takes()).isBetween(DELAY.plusSeconds(4), DELAY.plusSeconds(5));
    assertThat(steps).endsWith("end idle, closed");
  }

  @Test
  void itDrainsOnceAndAlsoWhereItWasNotAnnounced() throws Exception {
    limiter.acquire(TestRuns.TENANT);
    long begin = timers.nanos();
    shutdown.drain(new ShutdownEvent());
    assertThat(limiter.isClosed()).isTrue();
    shutdown.drain(new ShutdownEvent());
    assertThat(Duration.ofNanos(timers.nanos() - begin)).isEqualTo(Shutdown.ATTEMPTS_TIMEOUT);
    assertThat(steps).isEmpty();
  }
}
