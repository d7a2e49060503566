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
import java.util.concurrent.CountDownLatch;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/**
 * Fair semaphore for attempts: {@code WORKER_CONCURRENCY} permits, and a reserve of 25 % for
 * tenants with few attempts in flight. While runs of several tenants wait, no tenant gets more than
 * an equal share of the permits; from the reserve a tenant may take at most 1/8 of what is left, so
 * that hanging receivers of some tenants do not hold up the others. A permit is released when the
 * attempt has ended. Outcomes that are not on disk yet count, together with the attempts in flight,
 * towards a bound of their own.
 */
@ApplicationScoped
public class ConcurrencyLimiter {
  private static final int PARTS_OF_RESERVE = 8;

  private final int limit;
  private final int limitWithReserve;

  /** Attempts in flight and those whose outcome is not on disk yet, together. */
  private final int mostUnfinished;

  private final Map<String, Integer> byTenant = new HashMap<>();

  /** Tenants that are known to have runs on disk that wait for a permit. */
  private final Set<String> waiting = new HashSet<>();

  /** New runs that wait for a permit that is released; the first of them is the first served. */
  private final Deque<Waiter> waiters = new ArrayDeque<>();

  private final CountDownLatch empty = new CountDownLatch(1);
  private int taken;
  private int unrecorded;
  private long ended;
  private int expected;
  private boolean closed;

  ConcurrencyLimiter(@ConfigProperty(name = "fastyoke.worker-concurrency") int limit) {
    this.limit = limit;
    this.limitWithReserve = limit + Math.max(1, limit / 4);
    this.mostUnfinished = limitWithReserve + limit / 2;
  }

  /**
   * Takes a permit for a tenant's new run if there is one. A run does not overtake those of its
   * tenant that wait already, on disk or here.
   */
  synchronized boolean tryAcquire(TenantId tenant) {
    if (waiting.contains(tenant.value()) || hasWaiter(tenant) || !mayAcquire(tenant.value())) {
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
        if (closed || waiters.size() >= limit || waiting.contains(waiter.tenant().value())) {
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
  public synchronized void acquire(TenantId tenant) {
    taken++;
    byTenant.merge(tenant.value(), 1, Integer::sum);
  }

  /** Releases a permit that was not used for an attempt. */
  void release(TenantId tenant) {
    change(() -> giveBack(tenant));
  }

  /** A run's permit, released when its last attempt of this turn has ended. */
  final class Permit {
    private final TenantId tenant;
    private boolean isReleased;

    private Permit(TenantId tenant) {
      this.tenant = tenant;
    }

    /** The attempt has ended, and no other follows: what is left is to record its outcome. */
    void attempted() {
      change(
          () -> {
            giveBack(tenant);
            ended++;
            unrecorded++;
            isReleased = true;
          });
    }

    /** The outcome is on disk, or left to the lease. */
    void close() {
      change(
          () -> {
            if (isReleased) {
              unrecorded--;
            } else {
              giveBack(tenant);
            }
          });
    }
  }

  /** The permit that a tenant's run has taken. */
  Permit permitFor(TenantId tenant) {
    return new Permit(tenant);
  }

  private void giveBack(TenantId tenant) {
    taken--;
    byTenant.computeIfPresent(tenant.value(), (name, count) -> count == 1 ? null : count - 1);
  }

  private void change(Runnable change) {
    Waiter next;
    synchronized (this) {
      change.run();
      next = nextWaiter();
      tellWhenEmpty();
    }
    if (next != null) {
      next.decided(true);
    }
  }

  /** The first who may have a permit now; it has it then. */
  private @Nullable Waiter nextWaiter() {
    for (Iterator<Waiter> each = waiters.iterator(); mayBegin() && each.hasNext(); ) {
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

  /** Those who may not wait here any more: everybody, or those whose tenant has runs on disk. */
  private void dismiss() {
    List<Waiter> dismissed = new ArrayList<>();
    synchronized (this) {
      for (Iterator<Waiter> each = waiters.iterator(); each.hasNext(); ) {
        Waiter waiter = each.next();
        if (closed || waiting.contains(waiter.tenant().value())) {
          each.remove();
          dismissed.add(waiter);
        }
      }
    }
    dismissed.forEach(waiter -> waiter.decided(false));
  }

  /** A statement is under way that may bring runs: the process must not end before its answer. */
  synchronized void expect() {
    expected++;
  }

  /** What was expected has come, and has taken its permits, or is known not to come. */
  synchronized void settled() {
    expected--;
    tellWhenEmpty();
  }

  private void tellWhenEmpty() {
    if (closed && taken == 0 && unrecorded == 0 && expected == 0) {
      empty.countDown();
    }
  }

  /** How many runs may be claimed now. */
  synchronized int free() {
    int most = Math.min(taken < limit ? limit : limitWithReserve, mostUnfinished - unrecorded);
    return closed ? 0 : Math.max(0, most - taken);
  }

  /**
   * A tenant's new run is due on disk. It waits if there is no permit for it; if there is one, it
   * is claimed at once, and the next ones may start without that.
   */
  void queued(TenantId tenant) {
    synchronized (this) {
      if (!mayAcquire(tenant.value())) {
        waiting.add(tenant.value());
      }
    }
    dismiss();
  }

  /** Some of what was due was claimed, of these tenants among others; they may have more. */
  void claimedSome(Collection<TenantId> tenants) {
    synchronized (this) {
      tenants.forEach(tenant -> waiting.add(tenant.value()));
    }
    dismiss();
  }

  /** All that was due was claimed, but for that of the tenants that were passed over. */
  synchronized void claimedAll(Collection<String> passedOver) {
    waiting.retainAll(passedOver);
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
    return taken;
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

  /** Grants no more permits; the latch opens when the last one has been released. */
  CountDownLatch closeAndDrain() {
    close();
    synchronized (this) {
      tellWhenEmpty();
    }
    return empty;
  }

  synchronized boolean isClosed() {
    return closed;
  }

  private boolean mayBegin() {
    return !closed && taken + unrecorded < mostUnfinished;
  }

  private boolean mayAcquire(String tenant) {
    if (!mayBegin()) {
      return false;
    }
    int has = byTenant.getOrDefault(tenant, 0);
    if (taken < limit) {
      return has < share(tenant);
    }
    int left = limitWithReserve - taken;
    return left > 0 && has < Math.max(1, left / PARTS_OF_RESERVE);
  }

  /** While no other tenant waits, one may have all permits. */
  private int share(String tenant) {
    int others = waiting.contains(tenant) ? waiting.size() - 1 : waiting.size();
    return Math.max(1, limit / (others + 1));
  }
}
