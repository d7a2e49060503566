package io.fastyoke.integrations.dispatch;

import io.fastyoke.integrations.http.ConnectionDrain;
import io.quarkus.runtime.LaunchMode;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * Ends the service in an order in which nobody loses anything:
 *
 * <ol>
 *   <li>not ready, and every answer ends its connection, for as long as proxies need to notice;
 *   <li>no attempt begins any more, and those in flight end; what has not begun stays on disk;
 *   <li>callers that wait for a run are told how it is;
 *   <li>no connection is taken any more, what has begun is answered, and connections end.
 * </ol>
 *
 * Longest it takes {@code SHUTDOWN_DELAY_SECONDS} and 35 s.
 */
@ApplicationScoped
public class Shutdown {
  private static final Logger LOG = Logger.getLogger(Shutdown.class);

  /** For attempts in flight. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** For answers that only have to be written. */
  private static final Duration ANSWERS_TIMEOUT = Duration.ofSeconds(4);

  /** For clients to be waiting for an answer, and so to open no connection. */
  private static final Duration HOLD = Duration.ofMillis(150);

  /** For clients to see the end of connections on which nothing is under way. */
  private static final Duration IDLE_TIMEOUT = Duration.ofMillis(500);

  private static final long LOOK_MS = 10;
  private static final int BEFORE_ALL_OTHERS = 1;

  private final ConcurrencyLimiter limiter;
  private final CompletionWaits completions;
  private final ConnectionDrain connections;
  private final Duration delay;
  private boolean drained;

  Shutdown(
      ConcurrencyLimiter limiter,
      CompletionWaits completions,
      ConnectionDrain connections,
      @ConfigProperty(name = "fastyoke.shutdown-delay-seconds") int delaySeconds) {
    this.limiter = limiter;
    this.completions = completions;
    this.connections = connections;
    this.delay = Duration.ofSeconds(delaySeconds);
  }

  /** While everything is served still. Runs on the main thread, as the next one does. */
  void announced(@Observes ShutdownDelayInitiatedEvent event) throws InterruptedException {
    if (LaunchMode.current() != LaunchMode.NORMAL) {
      // Developers and tests do not wait for proxies.
      return;
    }
    LOG.infof("Stopping: not ready any more, and attempts in flight get %s.", PATIENCE);
    connections.begin();
    Thread.sleep(delay.toMillis());
    drainAttempts();
    completions.giveUp();
    endConnections();
  }

  private void endConnections() throws InterruptedException {
    connections.hold();
    Thread.sleep(HOLD.toMillis());
    connections.stopListening();
    waitFor(ANSWERS_TIMEOUT, connections::listensNoMore);
    connections.release();
    waitFor(ANSWERS_TIMEOUT, connections::isQuiet);
    connections.endIdle();
    waitFor(IDLE_TIMEOUT, connections::isOver);
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
    CountDownLatch empty = limiter.closeAndDrain();
    if (!empty.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
      LOG.warnf(
          "%d attempts still in flight and %d not recorded after %d s; their leases will tell other"
              + " workers",
          limiter.inFlight(), limiter.unrecorded(), PATIENCE.toSeconds());
    }
  }

  private static void waitFor(Duration atMost, BooleanSupplier condition)
      throws InterruptedException {
    long begin = System.nanoTime();
    while (!condition.getAsBoolean() && System.nanoTime() - begin < atMost.toNanos()) {
      Thread.sleep(LOOK_MS);
    }
  }
}
