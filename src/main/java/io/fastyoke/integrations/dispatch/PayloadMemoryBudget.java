package io.fastyoke.integrations.dispatch;

import io.fastyoke.integrations.identity.TenantId;
import io.fastyoke.integrations.queue.ClaimBudget;
import io.fastyoke.integrations.queue.RequestSize;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Memory budget for large requests of runs in flight, in characters. Small requests are bounded by
 * the number of permits; large ones by their size. No tenant gets more than about half of the
 * budget. What is reserved here is part of a {@link Permit}, which releases it once.
 */
@ApplicationScoped
class PayloadMemoryBudget {
  private final long capacity;
  private final Map<String, Long> byTenant = new HashMap<>();
  private long total;
  private boolean released;

  PayloadMemoryBudget() {
    this(RequestSize.heapCapacity());
  }

  PayloadMemoryBudget(long capacity) {
    this.capacity = capacity;
  }

  /** Reserves memory for a new run's request if there is some; a small request needs none. */
  synchronized boolean tryReserve(TenantId tenant, int size) {
    if (size > RequestSize.LARGE
        && total > 0
        && (total + size > capacity || of(tenant.value()) + size > capacity / 2)) {
      return false;
    }
    reserve(tenant, size);
    return true;
  }

  /** Reserves memory for a request that is in memory already. */
  synchronized void reserve(TenantId tenant, int size) {
    if (size > RequestSize.LARGE) {
      total += size;
      byTenant.merge(tenant.value(), (long) size, Long::sum);
    }
  }

  /** Releases what was reserved. */
  synchronized void release(TenantId tenant, int size) {
    if (size > RequestSize.LARGE) {
      total -= size;
      byTenant.computeIfPresent(
          tenant.value(), (name, sum) -> sum == size ? null : Long.valueOf(sum - size));
      released = true;
    }
  }

  /** Whether something was released since this was last called. */
  synchronized boolean pollReleased() {
    boolean was = released;
    released = false;
    return was;
  }

  /** What may be claimed now. A claim may exceed it by one run. */
  synchronized ClaimBudget budget() {
    List<String> full = new ArrayList<>();
    byTenant.keySet().stream().filter(tenant -> of(tenant) >= capacity / 2).forEach(full::add);
    // Half of what is left, so that one tenant does not have it all before the next claim.
    return new ClaimBudget(Math.max(0, (capacity - total + 1) / 2), full);
  }

  private long of(String tenant) {
    return byTenant.getOrDefault(tenant, 0L);
  }
}
