package io.fastyoke.integrations.dispatch;

import io.fastyoke.integrations.identity.TenantId;
import io.fastyoke.integrations.queue.ClaimRequest;
import io.fastyoke.integrations.queue.ClaimRuns;
import io.fastyoke.integrations.queue.ClaimRuns.Claimed;
import io.fastyoke.integrations.queue.ClaimedRun;
import io.fastyoke.integrations.queue.RateLimitedClaims;
import io.fastyoke.integrations.queue.RateLimitedClaims.Admitted;
import io.fastyoke.integrations.queue.WorkNotifier;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jboss.logging.Logger;

/**
 * Claims runs whenever a permit is free and work may be waiting: due runs, and runs behind the rate
 * limit of their connection.
 */
@ApplicationScoped
public class Dispatcher implements Worker.Queue {
  private static final Logger LOG = Logger.getLogger(Dispatcher.class);

  /** Finds what nobody told this replica of: retries of others, and runs that lost their holder. */
  private static final long POLL_MS = 1_000;

  /**
   * A claim costs the database about as much for one run as for many. While few permits are free,
   * one waits this long for more of them.
   */
  private static final long PAUSE_MS = 10;

  /** So many free permits are worth a claim at once. */
  private static final int WORTHWHILE = 32;

  /** Before a gate is looked at again that should have been open. */
  private static final long GATE_PAUSE_MS = 50;

  /** A longer wait is left to the poll. */
  private static final Duration LONGEST_TIMER = Duration.ofSeconds(10);

  private final ClaimRuns claims;
  private final RateLimitedClaims admissions;
  private final LostClaims lostClaims;
  private final InFlightRuns inFlightRuns;
  private final Worker worker;
  private final ConcurrencyLimiter limiter;
  private final PayloadMemoryBudget payloads;
  private final WorkNotifier notifier;
  private final Vertx vertx;
  private final StartRateLimiter startRate;
  private boolean claiming;
  private boolean pausing;
  private long lastClaim = System.nanoTime();
  private boolean mayBeDue;

  /** It is not only the rest of what the last claim saw. */
  private boolean wokenUp;

  private boolean mayBeAtGates;

  /** One is not looked for all the time while the other has something, too. */
  private boolean dueIsNext = true;

  /** Tenants that had enough in flight, so that runs of theirs may have been passed over. */
  private List<String> passedOver = List.of();

  private long poll = -1;

  Dispatcher(
      ClaimRuns claims,
      RateLimitedClaims admissions,
      LostClaims lostClaims,
      InFlightRuns inFlightRuns,
      Worker worker,
      ConcurrencyLimiter limiter,
      PayloadMemoryBudget payloads,
      WorkNotifier notifier,
      Vertx vertx) {
    this.claims = claims;
    this.admissions = admissions;
    this.lostClaims = lostClaims;
    this.inFlightRuns = inFlightRuns;
    this.worker = worker;
    this.limiter = limiter;
    this.payloads = payloads;
    this.notifier = notifier;
    this.vertx = vertx;
    this.startRate = new StartRateLimiter(limiter.limit(), System.nanoTime());
  }

  void start(@Observes StartupEvent event) {
    poll = vertx.setPeriodic(POLL_MS, POLL_MS, timer -> look());
  }

  void stop(@Observes ShutdownEvent event) {
    vertx.cancelTimer(poll);
  }

  void rung(@Observes WorkNotifier.WorkAvailable by) {
    look();
  }

  /** Executes a run that this replica has claimed and holds a permit for. */
  public void execute(ClaimedRun run) {
    worker.start(run, this);
  }

  /** A run was accepted that did not start at once. */
  void wake(TenantId tenant) {
    look();
    if (limiter.free() == 0 || !limiter.mayAcquireAny(List.of(tenant.value()))) {
      notifier.ring();
    }
  }

  @Override
  public void dueIn(Duration wait) {
    if (wait.isZero()) {
      look();
      if (limiter.free() == 0) {
        notifier.ring();
      }
    } else if (wait.compareTo(LONGEST_TIMER) <= 0) {
      vertx.setTimer(wait.toMillis() + 1, timer -> expect(true, false));
    }
  }

  @Override
  public void atGate() {
    expect(false, true);
  }

  @Override
  public void permitReleased() {
    claim();
  }

  private void look() {
    expect(true, true);
  }

  private void expect(boolean due, boolean atGates) {
    synchronized (this) {
      mayBeDue |= due;
      wokenUp |= due;
      mayBeAtGates |= atGates;
    }
    claim();
  }

  private void claim() {
    int most;
    boolean due;
    boolean anew;
    List<String> busy;
    synchronized (this) {
      int free = limiter.free();
      if (claiming || pausing || free == 0) {
        return;
      }
      boolean roomier = payloads.isRoomier();
      if (roomier || limiter.mayAcquireAny(passedOver)) {
        passedOver = List.of();
        mayBeDue = true;
        wokenUp = true;
        mayBeAtGates = true;
      }
      if (!mayBeDue && !mayBeAtGates) {
        return;
      }
      long now = System.nanoTime();
      int allowed = startRate.allows(free, limiter.inFlight(), limiter.ended(), now);
      if (allowed == 0 || (allowed < WORTHWHILE && isTooSoon(now))) {
        pausing = true;
        vertx.setTimer(PAUSE_MS, timer -> claimAgain());
        return;
      }
      claiming = true;
      lastClaim = now;
      most = Math.min(allowed, ClaimRuns.MOST);
      due = mayBeDue && (dueIsNext || !mayBeAtGates);
      dueIsNext = !due;
      // What comes up from here on is looked for again.
      anew = wokenUp;
      wokenUp &= !due;
      mayBeDue &= !due;
      mayBeAtGates &= due;
      busy = limiter.busyTenants();
      passedOver = busy;
    }
    limiter.expect();
    Uni<Void> work =
        limiter.isClosed()
            ? Uni.createFrom().voidItem()
            : due ? takeDue(most, busy, anew) : letThrough(most, busy);
    work.onTermination().invoke(limiter::settled).subscribe().with(done -> goOn(), this::failed);
  }

  private boolean isTooSoon(long now) {
    return now - lastClaim < TimeUnit.MILLISECONDS.toNanos(PAUSE_MS);
  }

  private void claimAgain() {
    synchronized (this) {
      pausing = false;
    }
    claim();
  }

  private Uni<Void> takeDue(int most, List<String> busy, boolean anew) {
    return lostClaims
        .beforeClaiming()
        .chain(() -> named(request(most, busy), request -> claims.claim(request, anew)))
        .invoke(claimed -> taken(claimed, busy))
        .replaceWithVoid();
  }

  private ClaimRequest request(int most, List<String> busy) {
    return new ClaimRequest(UUID.randomUUID(), most, busy, inFlightRuns.old(), payloads.budget());
  }

  /** A claim of which no answer came may have taken runs all the same. */
  private <T> Uni<T> named(ClaimRequest request, Function<ClaimRequest, Uni<T>> claim) {
    return claim.apply(request).onFailure().invoke(() -> lostClaims.neverBegun(request.id()));
  }

  private void taken(Claimed claimed, List<String> busy) {
    if (claimed.all()) {
      limiter.claimedAll(busy);
    } else {
      limiter.claimedSome(claimed.runs().stream().map(ClaimedRun::tenant).toList());
    }
    execute(claimed.runs());
    synchronized (this) {
      mayBeDue |= !claimed.all() && !claimed.isContested();
      mayBeAtGates |= claimed.parked() > 0;
    }
    if (claimed.isContested()) {
      // Not at once: whoever was faster has not committed yet, and hides what is behind.
      vertx.setTimer(PAUSE_MS, timer -> expect(true, false));
    }
  }

  private Uni<Void> letThrough(int most, List<String> busy) {
    return named(request(most, busy), admissions::admit)
        .invoke(admitted -> passed(admitted, most))
        .replaceWithVoid();
  }

  private void passed(Admitted admitted, int asked) {
    execute(admitted.runs());
    synchronized (this) {
      mayBeAtGates |= admitted.runs().size() == asked;
    }
    Duration next = admitted.nextIn();
    if (next != null && next.compareTo(LONGEST_TIMER) <= 0) {
      // When nothing passed although the rate allows it, another replica is at that gate.
      long least = admitted.runs().isEmpty() ? GATE_PAUSE_MS : 1;
      vertx.setTimer(Math.max(next.toMillis() + 1, least), timer -> atGate());
    }
  }

  private void execute(List<ClaimedRun> runs) {
    for (ClaimedRun run : runs) {
      payloads.reserve(run.id(), run.tenant(), run.claim().requestSize());
      limiter.acquire(run.tenant());
      execute(run);
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

  private void goOn() {
    synchronized (this) {
      claiming = false;
    }
    claim();
  }
}
