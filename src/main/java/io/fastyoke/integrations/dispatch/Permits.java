package io.fastyoke.integrations.dispatch;

import io.fastyoke.integrations.identity.TenantId;
import io.fastyoke.integrations.queue.ClaimedRun;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Hands out permits. A new run waits up to 250 ms for one before it is stored as pending: a pending
 * run has to be claimed later, which costs the database a second transaction, so a burst that is
 * stored without permits slows down the work that would release them (docs/performance.md).
 */
@ApplicationScoped
public class Permits {
  /** While receivers answer, a permit is released far sooner. */
  private static final long WAIT_TIMEOUT_MS = 250;

  /** No run waits for this long after one has waited in vain: receivers are slow. */
  static final long NO_WAIT_MS = 10_000;

  private final ConcurrencyLimiter limiter;
  private final PayloadMemoryBudget memory;
  private final Timers timers;
  private volatile long waitsFrom;

  Permits(ConcurrencyLimiter limiter, PayloadMemoryBudget memory, Timers timers) {
    this.limiter = limiter;
    this.memory = memory;
    this.timers = timers;
    this.waitsFrom = timers.nanos();
  }

  /**
   * A permit for a run that is not on disk yet; empty when there is none in time, or no memory for
   * its request. Must not be cancelled, because the permit would be lost.
   *
   * @param requestSize see {@link io.fastyoke.integrations.queue.RequestSize}
   */
  Uni<Optional<Permit>> forNewRun(TenantId tenant, int requestSize) {
    if (!memory.tryReserve(tenant, requestSize)) {
      return Uni.createFrom().item(Optional.empty());
    }
    if (limiter.tryAcquire(tenant)) {
      return Uni.createFrom().item(Optional.of(permit(tenant, requestSize)));
    }
    if (timers.nanos() - waitsFrom < 0) {
      memory.release(tenant, requestSize);
      return Uni.createFrom().item(Optional.empty());
    }
    return Uni.createFrom()
        .emitter(emitter -> wait(new PermitWaiter(tenant, requestSize, emitter)));
  }

  /** A permit for a run that this replica has claimed: beyond the limits if need be. */
  public Permit forClaimedRun(ClaimedRun run) {
    int requestSize = run.claim().requestSize();
    memory.reserve(run.tenant(), requestSize);
    limiter.acquire(run.tenant());
    return permit(run.tenant(), requestSize);
  }

  private Permit permit(TenantId tenant, int requestSize) {
    return new Permit(limiter, memory, tenant, requestSize);
  }

  private void wait(PermitWaiter waiting) {
    waiting.timer = timers.after(WAIT_TIMEOUT_MS, () -> timedOut(waiting));
    if (!limiter.enqueue(waiting)) {
      waiting.decided(false);
    }
  }

  private void timedOut(PermitWaiter waiting) {
    if (limiter.cancel(waiting)) {
      waitsFrom = timers.nanos() + TimeUnit.MILLISECONDS.toNanos(NO_WAIT_MS);
      waiting.decided(false);
    }
  }

  private final class PermitWaiter implements ConcurrencyLimiter.Waiter {
    private final TenantId tenant;
    private final int requestSize;
    private final UniEmitter<? super Optional<Permit>> emitter;
    private long timer;

    PermitWaiter(TenantId tenant, int requestSize, UniEmitter<? super Optional<Permit>> emitter) {
      this.tenant = tenant;
      this.requestSize = requestSize;
      this.emitter = emitter;
    }

    @Override
    public TenantId tenant() {
      return tenant;
    }

    @Override
    public void decided(boolean granted) {
      // A timer that goes on would hold the whole request in memory.
      timers.cancel(timer);
      if (granted) {
        emitter.complete(Optional.of(permit(tenant, requestSize)));
      } else {
        memory.release(tenant, requestSize);
        emitter.complete(Optional.empty());
      }
    }
  }
}
