package io.fastyoke.integrations.dispatch;

import io.fastyoke.integrations.identity.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/**
 * Fair semaphore for attempts: {@code WORKER_CONCURRENCY} permits, and a reserve of 25 % for
 * tenants with few attempts in flight. While runs of several tenants wait, no tenant gets more than
 * an equal share of the permits; from the reserve a tenant may take at most 1/8 of what is left, so
 * that hanging receivers of some tenants do not hold up the others. A permit is released when the
 * attempt has ended. Outcomes that are not on disk yet count, together with the attempts in flight,
 * towards a bound of their own.
 *
 * <p>It counts only; {@link Permit} is the object that a run carries.
 */
@ApplicationScoped
class ConcurrencyLimiter {
  private static final int RESERVE_DIVISOR = 8;

  private final int limit;
  private final int limitWithReserve;

  /** Attempts in flight and those whose outcome is not on disk yet, together. */
  private final int maxUnfinished;

  private final Map<String, Integer> byTenant = new HashMap<>();

  /** Tenants that are known to have due runs on disk. */
  private final Set<String> backlogged = new HashSet<>();

  /** New runs that wait for a permit, in the order in which they came. */
  private final Deque<Waiter> waiters = new ArrayDeque<>();

  private int inFlight;
  private int unrecorded;
  private long ended;
  private int pendingClaims;
  private boolean closed;

  ConcurrencyLimiter(@ConfigProperty(name = "fastyoke.worker-concurrency") int limit) {
    this.limit = limit;
    this.limitWithReserve = limit + Math.max(1, limit / 4);
    this.maxUnfinished = limitWithReserve + limit / 2;
  }

  /**
   * Takes a permit for a tenant's new run if there is one. A run does not overtake those of its
   * tenant that wait already, on disk or here.
   */
  synchronized boolean tryAcquire(TenantId tenant) {
    if (backlogged.contains(tenant.value()) || hasWaiter(tenant) || !mayAcquire(tenant.value())) {
      return false;
    }
    acquire(tenant);
    return true;
  }

  /** A new run that waits for a permit. */
  interface Waiter {
    TenantId tenant();

    /** Called once, without a lock: whether the permit is granted. */
    void decided(boolean granted);
  }

  /**
   * Queues a waiter, or grants it a permit at once if there is one. Returns false, and never calls
   * it, if the queue is full or the run would overtake one of its tenant that is pending on disk.
   */
  boolean enqueue(Waiter waiter) {
    boolean granted;
    synchronized (this) {
      granted = tryAcquire(waiter.tenant());
      if (!granted) {
        if (closed || waiters.size() >= limit || backlogged.contains(waiter.tenant().value())) {
          return false;
        }
        waiters.add(waiter);
      }
    }
    if (granted) {
      waiter.decided(true);
    }
    return true;
  }

  /** Cancels a waiter. Returns false if it was already granted or refused a permit. */
  synchronized boolean cancel(Waiter waiter) {
    return waiters.remove(waiter);
  }

  /** Takes a permit for a run that has been claimed already. */
  synchronized void acquire(TenantId tenant) {
    inFlight++;
    byTenant.merge(tenant.value(), 1, Integer::sum);
  }

  /** Releases a permit of which no outcome is to be recorded. */
  void release(TenantId tenant) {
    Waiter next;
    synchronized (this) {
      decrement(tenant);
      next = nextWaiter();
    }
    grant(next);
  }

  /** Releases a permit whose attempt has ended; {@link #recorded} has to follow. */
  void attempted(TenantId tenant) {
    Waiter next;
    synchronized (this) {
      decrement(tenant);
      ended++;
      unrecorded++;
      next = nextWaiter();
    }
    grant(next);
  }

  /** The outcome of an attempt is on disk, or left to the lease. */
  void recorded() {
    Waiter next;
    synchronized (this) {
      unrecorded--;
      next = nextWaiter();
    }
    grant(next);
  }

  private void decrement(TenantId tenant) {
    inFlight--;
    byTenant.computeIfPresent(tenant.value(), (name, count) -> count == 1 ? null : count - 1);
  }

  private static void grant(@Nullable Waiter waiter) {
    if (waiter != null) {
      waiter.decided(true);
    }
  }

  /** The first waiter that may have a permit now; it has it then. */
  private @Nullable Waiter nextWaiter() {
    for (Iterator<Waiter> each = waiters.iterator(); mayStart() && each.hasNext(); ) {
      Waiter waiter = each.next();
      if (mayAcquire(waiter.tenant().value())) {
        each.remove();
        acquire(waiter.tenant());
        return waiter;
      }
    }
    return null;
  }

  private boolean hasWaiter(TenantId tenant) {
    return !waiters.isEmpty()
        && waiters.stream().anyMatch(waiter -> waiter.tenant().equals(tenant));
  }

  /** Refuses the waiters that may not wait here any more: all, or those of backlogged tenants. */
  private void dismiss() {
    List<Waiter> dismissed = new ArrayList<>();
    synchronized (this) {
      for (Iterator<Waiter> each = waiters.iterator(); each.hasNext(); ) {
        Waiter waiter = each.next();
        if (closed || backlogged.contains(waiter.tenant().value())) {
          each.remove();
          dismissed.add(waiter);
        }
      }
    }
    dismissed.forEach(waiter -> waiter.decided(false));
  }

  /** A statement is under way that may bring runs: the process must not end before its answer. */
  synchronized void claimBegun() {
    pendingClaims++;
  }

  /** The runs of the claim have their permits, or it is certain that it brings none. */
  synchronized void claimSettled() {
    pendingClaims--;
  }

  /** How many runs may be claimed now. */
  synchronized int free() {
    int most = Math.min(inFlight < limit ? limit : limitWithReserve, maxUnfinished - unrecorded);
    return closed ? 0 : Math.max(0, most - inFlight);
  }

  /**
   * A tenant's new run is due on disk. It waits if there is no permit for it; if there is one, it
   * is claimed at once, and the next ones may start without that.
   */
  void queued(TenantId tenant) {
    synchronized (this) {
      if (!mayAcquire(tenant.value())) {
        backlogged.add(tenant.value());
      }
    }
    dismiss();
  }

  /** Some of what was due was claimed, of these tenants among others; they may have more. */
  void claimedSome(Collection<TenantId> tenants) {
    synchronized (this) {
      tenants.forEach(tenant -> backlogged.add(tenant.value()));
    }
    dismiss();
  }

  /** All that was due was claimed, except the runs of the tenants that were passed over. */
  synchronized void claimedAll(Collection<String> passedOver) {
    backlogged.retainAll(passedOver);
  }

  /** Tenants whose runs may not be claimed now, because they have their share in flight. */
  synchronized List<String> busyTenants() {
    List<String> busy = new ArrayList<>();
    byTenant.keySet().stream().filter(tenant -> !mayAcquire(tenant)).forEach(busy::add);
    return busy;
  }

  /** Whether a run of one of these tenants may be claimed now. */
  synchronized boolean mayAcquireAny(Collection<String> tenants) {
    return tenants.stream().anyMatch(this::mayAcquire);
  }

  /** Attempts in flight. */
  synchronized int inFlight() {
    return inFlight;
  }

  /** Attempts that have ended and whose outcome is not on disk yet. */
  synchronized int unrecorded() {
    return unrecorded;
  }

  /** Attempts that have ended since the start. */
  synchronized long ended() {
    return ended;
  }

  /** How many attempts may be in flight, without the reserve. */
  int limit() {
    return limit;
  }

  /** Grants no more permits. */
  void close() {
    synchronized (this) {
      closed = true;
    }
    dismiss();
  }

  synchronized boolean isClosed() {
    return closed;
  }

  /** Whether it is closed, and nothing is under way that was under way then. */
  synchronized boolean isDrained() {
    return closed && inFlight == 0 && unrecorded == 0 && pendingClaims == 0;
  }

  private boolean mayStart() {
    return !closed && inFlight + unrecorded < maxUnfinished;
  }

  private boolean mayAcquire(String tenant) {
    if (!mayStart()) {
      return false;
    }
    int has = byTenant.getOrDefault(tenant, 0);
    if (inFlight < limit) {
      return has < share(tenant);
    }
    int left = limitWithReserve - inFlight;
    return left > 0 && has < Math.max(1, left / RESERVE_DIVISOR);
  }

  /** While no other tenant waits, one may have all permits. */
  private int share(String tenant) {
    int others = backlogged.contains(tenant) ? backlogged.size() - 1 : backlogged.size();
    return Math.max(1, limit / (others + 1));
  }
}
