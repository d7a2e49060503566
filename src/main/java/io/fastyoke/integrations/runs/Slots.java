package io.fastyoke.integrations.runs;

import io.fastyoke.integrations.identity.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * How many attempts are in flight on this replica. A quarter more than the limit is kept for
 * tenants with little in flight, so that a tenant whose receivers hang cannot hold up the others.
 */
@ApplicationScoped
public class Slots {
  /** A tenant with fewer attempts in flight than this may use the reserve. */
  private static final int LITTLE = 8;

  private final int limit;
  private final int limitWithReserve;
  private final Map<String, Integer> byTenant = new HashMap<>();
  private final CountDownLatch empty = new CountDownLatch(1);
  private int taken;
  private int expected;
  private boolean closed;

  Slots(@ConfigProperty(name = "fastyoke.worker-concurrency") int limit) {
    this.limit = limit;
    this.limitWithReserve = limit + Math.max(1, limit / 4);
  }

  /** Takes a slot for a tenant's run if there is one. */
  synchronized boolean tryTake(TenantId tenant) {
    if (closed || !mayTake(tenant.value())) {
      return false;
    }
    take(tenant);
    return true;
  }

  /** Takes a slot for a run that has been claimed already. */
  synchronized void take(TenantId tenant) {
    taken++;
    byTenant.merge(tenant.value(), 1, Integer::sum);
  }

  synchronized void release(TenantId tenant) {
    taken--;
    byTenant.computeIfPresent(tenant.value(), (name, count) -> count == 1 ? null : count - 1);
    tellWhenEmpty();
  }

  /** A statement is under way that may bring runs: the process must not end before its answer. */
  synchronized void expect() {
    expected++;
  }

  /** What was expected has come, and has taken its slots, or is known not to come. */
  synchronized void settled() {
    expected--;
    tellWhenEmpty();
  }

  private void tellWhenEmpty() {
    if (closed && taken == 0 && expected == 0) {
      empty.countDown();
    }
  }

  /** How many runs may be claimed now. */
  synchronized int free() {
    return closed ? 0 : Math.max(0, (taken < limit ? limit : limitWithReserve) - taken);
  }

  /**
   * Tenants whose runs may not be claimed now, because only the reserve is left and they have
   * enough.
   */
  synchronized List<String> busyTenants() {
    List<String> busy = new ArrayList<>();
    if (isReserveOnly()) {
      byTenant.forEach(
          (tenant, count) -> {
            if (count >= LITTLE) {
              busy.add(tenant);
            }
          });
    }
    return busy;
  }

  /** Whether only slots are left that are kept for tenants with little in flight. */
  synchronized boolean isReserveOnly() {
    return taken >= limit;
  }

  /** Attempts in flight. */
  synchronized int inFlight() {
    return taken;
  }

  /** No slot is given any more. */
  synchronized void close() {
    closed = true;
  }

  /** Gives no slot any more, and says when the last one has been released. */
  synchronized CountDownLatch closeAndDrain() {
    closed = true;
    tellWhenEmpty();
    return empty;
  }

  synchronized boolean isClosed() {
    return closed;
  }

  private boolean mayTake(String tenant) {
    return taken < limit || (taken < limitWithReserve && byTenant.getOrDefault(tenant, 0) < LITTLE);
  }
}
