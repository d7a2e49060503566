package io.fastyoke.integrations.dispatch;

import io.fastyoke.integrations.http.ConnectionDrain;
import io.quarkus.runtime.LaunchMode;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * Ends the service in an order in which nothing is lost:
 *
 * <ol>
 *   <li>not ready, and every answer ends its connection, for as long as proxies need to notice;
 *   <li>no attempt starts any more, and those in flight end; what has not started stays on disk;
 *   <li>callers that wait for a run get it as it is;
 *   <li>no connection is accepted any more, requests under way are answered, and connections end.
 * </ol>
 *
 * It takes at most {@code SHUTDOWN_DELAY_SECONDS} and 35 s.
 */
@ApplicationScoped
class Shutdown {
  private static final Logger LOG = Logger.getLogger(Shutdown.class);

  /** For attempts in flight. */
  static final Duration ATTEMPTS_TIMEOUT = Duration.ofSeconds(30);

  /** For answers that only have to be written. */
  private static final Duration ANSWERS_TIMEOUT = Duration.ofSeconds(4);

  /** For clients to be waiting for an answer, and so to open no connection. */
  private static final Duration HOLD = Duration.ofMillis(150);

  /** For clients to see the end of connections on which nothing is under way. */
  private static final Duration IDLE_TIMEOUT = Duration.ofMillis(500);

  private static final Duration POLL = Duration.ofMillis(10);
  private static final int BEFORE_ALL_OTHERS = 1;

  private final ConcurrencyLimiter limiter;
  private final CompletionWaits completions;
  private final ConnectionDrain connections;
  private final Duration delay;
  private final Sleep sleep;
  private boolean drained;

  /** Blocks the thread that stops the process; a test does not. */
  interface Sleep {
    void sleep(Duration time) throws InterruptedException;
  }

  @Inject
  Shutdown(
      ConcurrencyLimiter limiter,
      CompletionWaits completions,
      ConnectionDrain connections,
      @ConfigProperty(name = "fastyoke.shutdown-delay-seconds") int delaySeconds) {
    this(
        limiter,
        completions,
        connections,
        Duration.ofSeconds(delaySeconds),
        time -> TimeUnit.NANOSECONDS.sleep(time.toNanos()));
  }

  Shutdown(
      ConcurrencyLimiter limiter,
      CompletionWaits completions,
      ConnectionDrain connections,
      Duration delay,
      Sleep sleep) {
    this.limiter = limiter;
    this.completions = completions;
    this.connections = connections;
    this.delay = delay;
    this.sleep = sleep;
  }

  /** While everything is served still. Runs on the main thread, as the next one does. */
  void announced(@Observes ShutdownDelayInitiatedEvent event) throws InterruptedException {
    if (LaunchMode.current() == LaunchMode.NORMAL) {
      // Developers and tests do not wait for proxies.
      stop();
    }
  }

  void stop() throws InterruptedException {
    LOG.infof("Stopping: not ready any more, and attempts in flight get %s.", ATTEMPTS_TIMEOUT);
    connections.begin();
    sleep.sleep(delay);
    drainAttempts();
    completions.stop();
    endConnections();
  }

  private void endConnections() throws InterruptedException {
    connections.hold();
    sleep.sleep(HOLD);
    connections.stopListening();
    waitFor(ANSWERS_TIMEOUT, connections::hasStoppedListening);
    connections.release();
    waitFor(ANSWERS_TIMEOUT, connections::isIdle);
    connections.endIdle();
    waitFor(IDLE_TIMEOUT, connections::isClosed);
    if (connections.unanswered() > 0) {
      LOG.warnf("%d requests end without an answer", connections.unanswered());
    }
  }

  /** When nothing is served any more; has something to do only where it was not announced. */
  void drain(@Observes @Priority(BEFORE_ALL_OTHERS) ShutdownEvent event)
      throws InterruptedException {
    drainAttempts();
  }

  private void drainAttempts() throws InterruptedException {
    if (drained) {
      return;
    }
    drained = true;
    limiter.close();
    if (!waitFor(ATTEMPTS_TIMEOUT, limiter::isDrained)) {
      LOG.warnf(
          "%d attempts still in flight and %d not recorded after %d s; other replicas take them"
              + " over when their leases end",
          limiter.inFlight(), limiter.unrecorded(), ATTEMPTS_TIMEOUT.toSeconds());
    }
  }

  /** Whether the condition holds in time. */
  private boolean waitFor(Duration timeout, BooleanSupplier condition) throws InterruptedException {
    Duration waited = Duration.ZERO;
    while (!condition.getAsBoolean()) {
      if (waited.compareTo(timeout) >= 0) {
        return false;
      }
      sleep.sleep(POLL);
      waited = waited.plus(POLL);
    }
    return true;
  }
}
