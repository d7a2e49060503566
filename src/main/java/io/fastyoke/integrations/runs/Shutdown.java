package io.fastyoke.integrations.runs;

import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Lets attempts in flight finish before the process ends; what has not begun stays on disk for
 * others.
 */
@ApplicationScoped
public class Shutdown {
  private static final Logger LOG = Logger.getLogger(Shutdown.class);
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int BEFORE_ALL_OTHERS = 1;

  private final Slots slots;

  Shutdown(Slots slots) {
    this.slots = slots;
  }

  void announced(@Observes ShutdownDelayInitiatedEvent event) {
    slots.close();
  }

  /** Runs on the main thread, which has nothing else to do any more. */
  void drain(@Observes @Priority(BEFORE_ALL_OTHERS) ShutdownEvent event)
      throws InterruptedException {
    CountDownLatch empty = slots.closeAndDrain();
    if (!empty.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
      LOG.warnf(
          "%d attempts still in flight and %d not recorded after %d s; their leases will tell other"
              + " workers",
          slots.inFlight(), slots.unrecorded(), PATIENCE.toSeconds());
    }
  }
}
