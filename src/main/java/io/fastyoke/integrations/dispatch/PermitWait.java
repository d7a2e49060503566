package io.fastyoke.integrations.dispatch;

import io.fastyoke.integrations.identity.TenantId;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * Lets a new run wait up to 250 ms for a permit before it is stored as pending. A pending run has
 * to be claimed later, which costs the database a second transaction, so a burst that is stored
 * without permits slows down the work that would release them (docs/performance.md).
 */
@ApplicationScoped
class PermitWait {
  /** While receivers answer, a permit comes free far sooner. */
  private static final Duration PATIENCE = Duration.ofMillis(250);

  /**
   * After somebody has waited in vain: receivers are slow, and nobody else should wait for them.
   */
  static final Duration PAUSE = Duration.ofSeconds(10);

  private final ConcurrencyLimiter limiter;
  private final Vertx vertx;
  private final InstantSource clock;
  private volatile Instant openFrom = Instant.EPOCH;

  PermitWait(ConcurrencyLimiter limiter, Vertx vertx, InstantSource clock) {
    this.limiter = limiter;
    this.vertx = vertx;
    this.clock = clock;
  }

  /** Whether the run has a permit now. Must not be cancelled, for the permit would be lost. */
  Uni<Boolean> enter(TenantId tenant) {
    if (limiter.tryAcquire(tenant)) {
      return Uni.createFrom().item(true);
    }
    if (clock.instant().isBefore(openFrom)) {
      return Uni.createFrom().item(false);
    }
    return Uni.createFrom().emitter(emitter -> wait(new Waiting(tenant, emitter)));
  }

  private void wait(Waiting waiting) {
    waiting.timer = vertx.setTimer(PATIENCE.toMillis(), timer -> giveUp(waiting));
    if (!limiter.enqueue(waiting)) {
      waiting.decided(false);
    }
  }

  private void giveUp(Waiting waiting) {
    if (limiter.cancel(waiting)) {
      openFrom = clock.instant().plus(PAUSE);
      waiting.decided(false);
    }
  }

  private final class Waiting implements ConcurrencyLimiter.Waiter {
    private final TenantId tenant;
    private final UniEmitter<? super Boolean> emitter;
    private long timer;

    Waiting(TenantId tenant, UniEmitter<? super Boolean> emitter) {
      this.tenant = tenant;
      this.emitter = emitter;
    }

    @Override
    public TenantId tenant() {
      return tenant;
    }

    @Override
    public void decided(boolean granted) {
      // A timer that goes on would hold the whole request in memory.
      vertx.cancelTimer(timer);
      emitter.complete(granted);
    }
  }
}
