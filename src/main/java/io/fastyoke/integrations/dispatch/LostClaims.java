package io.fastyoke.integrations.dispatch;

import io.fastyoke.integrations.queue.ReleaseClaims;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.jboss.logging.Logger;

/**
 * Releases runs whose claim was lost: the statement may have taken them, but its answer never
 * arrived. This process knows that it never started them; left to their leases they would look
 * interrupted, and messages that were never sent would be recorded as {@code outcome_unknown} and
 * charged.
 */
@ApplicationScoped
class LostClaims {
  private static final Logger LOG = Logger.getLogger(LostClaims.class);
  static final long FIRST_DELAY_MS = 100;
  static final long RETRY_DELAY_MS = 1_000;

  /** A COMMIT whose answer was lost may still be on its way: 15 looks, one a second. */
  static final int MAX_LOOKS = 15;

  /** In an outage every request that is refused leaves one behind; the first of them matter. */
  private static final int MAX_CLAIMS = 10_000;

  private final Function<Collection<UUID>, Uni<Integer>> release;
  private final ConcurrencyLimiter limiter;
  private final WorkListener listener;
  private final Timers timers;

  /** How often each was looked for; guarded by this. */
  private final Map<UUID, Integer> looks = new HashMap<>();

  private boolean scheduled;

  @Inject
  LostClaims(
      ReleaseClaims releases, ConcurrencyLimiter limiter, WorkListener listener, Timers timers) {
    this(releases::release, limiter, listener, timers);
  }

  /**
   * @param release see {@link ReleaseClaims#release}
   */
  LostClaims(
      Function<Collection<UUID>, Uni<Integer>> release,
      ConcurrencyLimiter limiter,
      WorkListener listener,
      Timers timers) {
    this.release = release;
    this.limiter = limiter;
    this.listener = listener;
    this.timers = timers;
  }

  /**
   * Releases the runs of a claim, now or when its COMMIT arrives.
   *
   * @param claim the name of a claim of which nothing was started, nor ever will be
   */
  void add(UUID claim) {
    synchronized (this) {
      if (looks.size() >= MAX_CLAIMS || looks.putIfAbsent(claim, 0) != null) {
        return;
      }
    }
    limiter.claimBegun();
    schedule(FIRST_DELAY_MS);
  }

  /**
   * Releases before anything else is claimed: after a long outage the leases have ended, and a
   * claim would find runs that seem to be interrupted.
   */
  Uni<Void> releaseBeforeClaiming() {
    return hasNew() ? release() : Uni.createFrom().voidItem();
  }

  private synchronized boolean hasNew() {
    return looks.containsValue(0);
  }

  private void schedule(long delayMs) {
    synchronized (this) {
      if (scheduled || looks.isEmpty()) {
        return;
      }
      scheduled = true;
    }
    timers.after(delayMs, this::releaseOnTime);
  }

  private void releaseOnTime() {
    synchronized (this) {
      scheduled = false;
    }
    release()
        .subscribe()
        .with(
            done -> schedule(RETRY_DELAY_MS),
            failure -> {
              LOG.debugf("lost claims are not released yet (%s)", failure.getMessage());
              schedule(RETRY_DELAY_MS);
            });
  }

  private Uni<Void> release() {
    Set<UUID> claims;
    synchronized (this) {
      claims = new HashSet<>(looks.keySet());
    }
    return release.apply(claims).invoke(runs -> released(claims, runs)).replaceWithVoid();
  }

  private void released(Set<UUID> claims, int runs) {
    int settled = 0;
    synchronized (this) {
      for (UUID claim : claims) {
        Integer before = looks.get(claim);
        if (before != null && before == 0) {
          settled++;
        }
        looks.computeIfPresent(claim, (any, count) -> count + 1 == MAX_LOOKS ? null : count + 1);
      }
    }
    for (int i = 0; i < settled; i++) {
      limiter.claimSettled();
    }
    if (runs > 0) {
      LOG.infof("released %d runs whose claim was not answered", runs);
      listener.workAvailable();
    }
  }
}
