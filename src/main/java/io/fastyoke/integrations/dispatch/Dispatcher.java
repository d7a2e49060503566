package io.fastyoke.integrations.dispatch;

import io.fastyoke.integrations.identity.TenantId;
import io.fastyoke.integrations.queue.ClaimRuns;
import io.fastyoke.integrations.queue.ClaimRuns.Claimed;
import io.fastyoke.integrations.queue.ClaimedRun;
import io.fastyoke.integrations.queue.RateLimitedClaims.Admitted;
import io.fastyoke.integrations.queue.WorkNotifier;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Claims runs whenever a permit is free and work may be waiting: due runs, and runs that wait for
 * the limits of their connection. There is one claim at a time.
 */
@ApplicationScoped
class Dispatcher implements WorkListener {
  private static final Logger LOG = Logger.getLogger(Dispatcher.class);

  /**
   * Finds what this replica was not told of: retries of others, and runs that lost their holder.
   */
  static final long POLL_MS = 1_000;

  /**
   * A claim costs the database about as much for one run as for many. While few permits are free,
   * one waits this long for more of them.
   */
  static final long CLAIM_DELAY_MS = 10;

  /** So many free permits are worth a claim at once. */
  static final int WORTHWHILE = 32;

  /** Before a connection is looked at again whose rate should have let a run start. */
  static final long LIMITER_DELAY_MS = 50;

  /** A longer wait is left to the poll. */
  private static final Duration MAX_TIMER = Duration.ofSeconds(10);

  private final Claims claims;
  private final RunStarter starter;
  private final Permits permits;
  private final ConcurrencyLimiter limiter;
  private final PayloadMemoryBudget memory;
  private final Runnable notifyReplicas;
  private final Timers timers;
  private final StartRateLimiter startRate;
  private final PendingWork pending = new PendingWork();
  private boolean claiming;
  private boolean delayed;
  private long lastClaim;

  /** Tenants that had enough in flight, so that runs of theirs may have been passed over. */
  private List<String> passedOver = List.of();

  private long poll = -1;

  @Inject
  Dispatcher(
      Claims claims,
      WorkNotifier notifier,
      RunStarter starter,
      Permits permits,
      ConcurrencyLimiter limiter,
      PayloadMemoryBudget memory,
      Timers timers) {
    this(claims, starter, permits, limiter, memory, notifier::notifyReplicas, timers);
  }

  Dispatcher(
      Claims claims,
      RunStarter starter,
      Permits permits,
      ConcurrencyLimiter limiter,
      PayloadMemoryBudget memory,
      Runnable notifyReplicas,
      Timers timers) {
    this.claims = claims;
    this.starter = starter;
    this.permits = permits;
    this.limiter = limiter;
    this.memory = memory;
    this.notifyReplicas = notifyReplicas;
    this.timers = timers;
    this.lastClaim = timers.nanos();
    this.startRate = new StartRateLimiter(limiter.limit(), timers.nanos());
  }

  void start(@Observes StartupEvent event) {
    poll = timers.every(POLL_MS, this::workAvailable);
  }

  void stop(@Observes ShutdownEvent event) {
    timers.cancel(poll);
  }

  void workAvailable(@Observes WorkNotifier.WorkAvailable event) {
    workAvailable();
  }

  @Override
  public void workAvailable() {
    synchronized (this) {
      pending.becameDue();
      pending.limitReachable();
    }
    claim();
  }

  @Override
  public void runQueued(TenantId tenant) {
    workAvailable();
    if (limiter.free() == 0 || !limiter.mayAcquireAny(List.of(tenant.value()))) {
      notifyReplicas.run();
    }
  }

  @Override
  public void runDueIn(Duration delay) {
    if (delay.isZero()) {
      workAvailable();
      if (limiter.free() == 0) {
        notifyReplicas.run();
      }
    } else if (delay.compareTo(MAX_TIMER) <= 0) {
      timers.after(delay.toMillis() + 1, this::runDue);
    }
  }

  @Override
  public void limiterChanged() {
    synchronized (this) {
      pending.limitReachable();
    }
    claim();
  }

  @Override
  public void permitReleased() {
    claim();
  }

  private void runDue() {
    synchronized (this) {
      pending.becameDue();
    }
    claim();
  }

  /** One claim. */
  private record Turn(PendingWork.NextClaim claim, int most, List<String> busy) {}

  private void claim() {
    Turn turn = nextTurn();
    if (turn == null) {
      return;
    }
    limiter.claimBegun();
    Uni<Void> work =
        limiter.isClosed()
            ? Uni.createFrom().voidItem()
            : turn.claim().due() ? claimDue(turn) : claimLimited(turn);
    work.onTermination()
        .invoke(limiter::claimSettled)
        .subscribe()
        .with(done -> claimed(), this::failed);
  }

  /** Null when nothing may be claimed now, or nothing may be waiting. */
  private synchronized @Nullable Turn nextTurn() {
    int free = limiter.free();
    if (claiming || delayed || free == 0) {
      return null;
    }
    if (memory.pollReleased() || limiter.mayAcquireAny(passedOver)) {
      passedOver = List.of();
      pending.becameDue();
      pending.limitReachable();
    }
    if (pending.isEmpty()) {
      return null;
    }
    long now = timers.nanos();
    int allowed = startRate.allows(free, limiter.inFlight(), limiter.ended(), now);
    if (allowed == 0 || (allowed < WORTHWHILE && isTooSoon(now))) {
      delayed = true;
      timers.after(CLAIM_DELAY_MS, this::claimAfterDelay);
      return null;
    }
    claiming = true;
    lastClaim = now;
    List<String> busy = limiter.busyTenants();
    passedOver = busy;
    return new Turn(pending.next(), Math.min(allowed, ClaimRuns.MAX_RUNS), busy);
  }

  private boolean isTooSoon(long now) {
    return now - lastClaim < TimeUnit.MILLISECONDS.toNanos(CLAIM_DELAY_MS);
  }

  private void claimAfterDelay() {
    synchronized (this) {
      delayed = false;
    }
    claim();
  }

  private Uni<Void> claimDue(Turn turn) {
    return claims
        .due(turn.most(), turn.busy(), turn.claim().anew())
        .invoke(claimed -> startDue(claimed, turn.busy()))
        .replaceWithVoid();
  }

  private Uni<Void> claimLimited(Turn turn) {
    return claims
        .limited(turn.most(), turn.busy())
        .invoke(admitted -> startLimited(admitted, turn.most()))
        .replaceWithVoid();
  }

  private void startDue(Claimed claimed, List<String> busy) {
    if (claimed.all()) {
      limiter.claimedAll(busy);
    } else {
      limiter.claimedSome(claimed.runs().stream().map(ClaimedRun::tenant).toList());
    }
    start(claimed.runs());
    synchronized (this) {
      if (!claimed.all() && !claimed.isContested()) {
        pending.moreDue();
      }
      if (claimed.parked() > 0) {
        pending.limitReachable();
      }
    }
    if (claimed.isContested()) {
      // Not at once: the faster replica has not committed yet, and hides what is behind.
      timers.after(CLAIM_DELAY_MS, this::runDue);
    }
  }

  private void startLimited(Admitted admitted, int asked) {
    start(admitted.runs());
    if (admitted.runs().size() == asked) {
      synchronized (this) {
        pending.limitReachable();
      }
    }
    Duration next = admitted.nextIn();
    if (next != null && next.compareTo(MAX_TIMER) <= 0) {
      // When no run started although the rate allows it, another replica has locked the limiter.
      long least = admitted.runs().isEmpty() ? LIMITER_DELAY_MS : 1;
      timers.after(Math.max(next.toMillis() + 1, least), this::limiterChanged);
    }
  }

  private void start(List<ClaimedRun> runs) {
    for (ClaimedRun run : runs) {
      starter.start(run, permits.forClaimedRun(run));
    }
    synchronized (this) {
      startRate.claimed(runs.size(), limiter.inFlight());
    }
  }

  private void failed(Throwable failure) {
    LOG.warnf("claiming runs failed (%s), trying again", failure.getMessage());
    synchronized (this) {
      claiming = false;
    }
  }

  private void claimed() {
    synchronized (this) {
      claiming = false;
    }
    claim();
  }
}
