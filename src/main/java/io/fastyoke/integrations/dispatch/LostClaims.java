package io.fastyoke.integrations.dispatch;

import io.fastyoke.integrations.queue.ReleaseClaims;
import io.fastyoke.integrations.queue.WorkNotifier;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jboss.logging.Logger;

/**
 * Releases runs whose claim was lost: the statement may have taken them, but its answer never
 * arrived. This process knows that it never started them; left to their leases they would look
 * interrupted, and messages that were never sent would be recorded as {@code outcome_unknown} and
 * charged.
 */
@ApplicationScoped
public class LostClaims {
  private static final Logger LOG = Logger.getLogger(LostClaims.class);
  private static final long FIRST_PAUSE_MS = 100;
  private static final long PAUSE_MS = 1_000;

  /** A COMMIT of which no answer came may still be on its way: 15 looks, one a second. */
  private static final int LOOKS = 15;

  /** In an outage every request that is refused leaves one behind; the first of them matter. */
  private static final int MOST = 10_000;

  private final ReleaseClaims releases;
  private final ConcurrencyLimiter limiter;
  private final Vertx vertx;
  private final Event<WorkNotifier.WorkAvailable> workAvailable;

  /** How often each was looked for; guarded by this. */
  private final Map<UUID, Integer> looks = new HashMap<>();

  private boolean scheduled;

  LostClaims(
      ReleaseClaims releases,
      ConcurrencyLimiter limiter,
      Vertx vertx,
      Event<WorkNotifier.WorkAvailable> workAvailable) {
    this.releases = releases;
    this.limiter = limiter;
    this.vertx = vertx;
    this.workAvailable = workAvailable;
  }

  /**
   * Sees to it that what carries this owner goes back to the queue.
   *
   * @param owner of a claim of which nothing was begun, nor ever will be
   */
  void neverBegun(UUID owner) {
    synchronized (this) {
      if (looks.size() >= MOST || looks.putIfAbsent(owner, 0) != null) {
        return;
      }
    }
    limiter.expect();
    schedule(FIRST_PAUSE_MS);
  }

  /**
   * Gives back before anything else is claimed: after a long outage the leases have ended, and a
   * claim would find runs that seem to be interrupted.
   */
  Uni<Void> beforeClaiming() {
    return isAnyNew() ? look() : Uni.createFrom().voidItem();
  }

  private synchronized boolean isAnyNew() {
    return looks.containsValue(0);
  }

  private void schedule(long pauseMs) {
    synchronized (this) {
      if (scheduled || looks.isEmpty()) {
        return;
      }
      scheduled = true;
    }
    vertx.setTimer(
        pauseMs,
        timer -> {
          synchronized (this) {
            scheduled = false;
          }
          look()
              .subscribe()
              .with(
                  done -> schedule(PAUSE_MS),
                  failure -> {
                    LOG.debugf("nothing is given back yet (%s)", failure.getMessage());
                    schedule(PAUSE_MS);
                  });
        });
  }

  private Uni<Void> look() {
    Set<UUID> owners;
    synchronized (this) {
      owners = new HashSet<>(looks.keySet());
    }
    return releases.release(owners).invoke(given -> looked(owners, given)).replaceWithVoid();
  }

  private void looked(Set<UUID> owners, int given) {
    int settled = 0;
    synchronized (this) {
      for (UUID owner : owners) {
        Integer before = looks.get(owner);
        if (before != null && before == 0) {
          settled++;
        }
        looks.computeIfPresent(owner, (any, count) -> count + 1 == LOOKS ? null : count + 1);
      }
    }
    for (int i = 0; i < settled; i++) {
      limiter.settled();
    }
    if (given > 0) {
      LOG.infof("%d runs given back whose claim was not answered", given);
      workAvailable.fire(new WorkNotifier.WorkAvailable());
    }
  }
}
