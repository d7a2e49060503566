package io.fastyoke.integrations.dispatch;

import io.fastyoke.integrations.identity.TenantId;
import io.fastyoke.integrations.queue.ClaimBudget;
import io.fastyoke.integrations.queue.RequestSize;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Memory budget for large requests of runs in flight. Small requests are bounded by the number of
 * permits; large ones by their size. No tenant gets more than about half of the budget.
 */
@ApplicationScoped
public class PayloadMemoryBudget {
  private record Held(String tenant, int size) {}

  private final long room;
  private final Map<UUID, Held> held = new HashMap<>();
  private final Map<String, Long> byTenant = new HashMap<>();
  private long total;
  private boolean roomier;

  PayloadMemoryBudget() {
    this(RequestSize.roomOnHeap());
  }

  PayloadMemoryBudget(long room) {
    this.room = room;
  }

  /** Takes room for a run that is about to begin, if it needs some. */
  synchronized boolean tryReserve(UUID run, TenantId tenant, int size) {
    if (size > RequestSize.LARGE
        && total > 0
        && (total + size > room || of(tenant.value()) + size > room / 2)) {
      return false;
    }
    reserve(run, tenant, size);
    return true;
  }

  /** Takes room for a run that is here already. */
  synchronized void reserve(UUID run, TenantId tenant, int size) {
    if (size > RequestSize.LARGE && held.put(run, new Held(tenant.value(), size)) == null) {
      total += size;
      byTenant.merge(tenant.value(), (long) size, Long::sum);
    }
  }

  /** The run is no longer here. */
  synchronized void release(UUID run) {
    Held gone = held.remove(run);
    if (gone != null) {
      total -= gone.size();
      byTenant.computeIfPresent(
          gone.tenant(), (tenant, size) -> size == gone.size() ? null : size - gone.size());
      roomier = true;
    }
  }

  /** Whether there is more room than when this was last asked. */
  synchronized boolean isRoomier() {
    boolean was = roomier;
    roomier = false;
    return was;
  }

  /** What may be claimed now. A claim may exceed it by one run. */
  synchronized ClaimBudget budget() {
    List<String> full = new ArrayList<>();
    byTenant.keySet().stream().filter(tenant -> of(tenant) >= room / 2).forEach(full::add);
    // Half of what is left, so that it is not one tenant's before the next claim.
    return new ClaimBudget(Math.max(0, (room - total + 1) / 2), full);
  }

  private long of(String tenant) {
    return byTenant.getOrDefault(tenant, 0L);
  }
}
