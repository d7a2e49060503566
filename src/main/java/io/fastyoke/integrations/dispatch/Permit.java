package io.fastyoke.integrations.dispatch;

import io.fastyoke.integrations.identity.TenantId;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The right of one run to have an attempt in flight on this replica: one of the {@link
 * ConcurrencyLimiter}'s permits, and the memory of its request ({@link PayloadMemoryBudget}). It
 * travels with the run, from {@link Permits} through the acceptor or the dispatcher to the worker,
 * and whoever holds it last closes it.
 */
public final class Permit implements AutoCloseable {
  private enum State {
    /** An attempt may be in flight. */
    HELD,
    /** The attempt has ended; its outcome is not on disk yet. */
    UNRECORDED,
    CLOSED
  }

  private final ConcurrencyLimiter limiter;
  private final PayloadMemoryBudget memory;
  private final TenantId tenant;
  private final int requestSize;
  private final AtomicReference<State> state = new AtomicReference<>(State.HELD);

  /** For what has been acquired of both. */
  Permit(ConcurrencyLimiter limiter, PayloadMemoryBudget memory, TenantId tenant, int requestSize) {
    this.limiter = limiter;
    this.memory = memory;
    this.tenant = tenant;
    this.requestSize = requestSize;
  }

  /**
   * The last attempt of this turn has ended: another run may start while the outcome is recorded.
   * The memory is still in use. Does nothing the second time.
   */
  void attempted() {
    if (state.compareAndSet(State.HELD, State.UNRECORDED)) {
      limiter.attempted(tenant);
    }
  }

  /** Releases all that is still held. Does nothing the second time. */
  @Override
  public void close() {
    State before = state.getAndSet(State.CLOSED);
    if (before == State.CLOSED) {
      return;
    }
    memory.release(tenant, requestSize);
    if (before == State.HELD) {
      limiter.release(tenant);
    } else {
      limiter.recorded();
    }
  }
}
