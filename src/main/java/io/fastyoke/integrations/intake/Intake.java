package io.fastyoke.integrations.intake;

import io.fastyoke.integrations.database.DatabaseFailure;
import io.fastyoke.integrations.dispatch.TakeFired;
import io.fastyoke.integrations.queue.CheckedRequest;
import io.fastyoke.integrations.queue.FiredRequest;
import io.fastyoke.integrations.queue.FiredRequests;
import io.fastyoke.integrations.queue.FiredRequests.Taken;
import io.fastyoke.integrations.queue.FiredRequests.Wanted;
import io.fastyoke.integrations.queue.WorkNotifier;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Looks for what was fired in SQL: when a commit notifies, once a second in case that was lost, and
 * by itself for as long as there is much, when commits are told not to notify.
 */
@ApplicationScoped
class Intake {
  private static final Logger LOG = Logger.getLogger(Intake.class);
  private static final long POLL_MS = 1_000;
  private static final int MAX_BATCH = 64;

  /** So many in one batch are many: notifications would hold up the engine's commits. */
  private static final int BUSY = 3;

  private static final long AWAKE_MS = 150;
  private static final long RENEW_MS = 50;
  private static final long LOOK_MS = 3;

  /** A commit that relied on the last moment of a promise is on disk by then. */
  private static final long LAST_LOOK_MS = 200;

  /** Positions are given just before the commit, and commits overtake each other. */
  private static final long OVERTAKEN = 1_000;

  private static final UUID NONE = new UUID(0, 0);

  private final TakeFired fired;
  private final FiredRequests requests;
  private final CheckFired checks;
  private final Vertx vertx;
  private final Set<UUID> unstorable = ConcurrentHashMap.newKeySet();
  private boolean looking;
  private boolean again;
  private boolean whole = true;
  private int single;
  private long last;
  private long promisedAt;
  private long awakeUntil;
  private long poll = -1;
  private volatile UUID only = NONE;

  Intake(TakeFired fired, FiredRequests requests, CheckFired checks, Vertx vertx) {
    this.fired = fired;
    this.requests = requests;
    this.checks = checks;
    this.vertx = vertx;
    long now = System.nanoTime();
    this.promisedAt = now - TimeUnit.MILLISECONDS.toNanos(RENEW_MS);
    this.awakeUntil = now;
  }

  void start(@Observes StartupEvent event) {
    // Between the other questions of each second, so that it needs no connection of its own.
    poll = vertx.setPeriodic(POLL_MS / 2, POLL_MS, timer -> lookIfAny());
  }

  void stop(@Observes ShutdownEvent event) {
    vertx.cancelTimer(poll);
  }

  void fired(@Observes WorkNotifier.Fired event) {
    look();
  }

  /** Without LISTEN this comes four times a second. */
  void workAvailable(@Observes WorkNotifier.WorkAvailable event) {
    lookIfAny();
  }

  private void lookIfAny() {
    requests
        .any()
        .subscribe()
        .with(
            any -> {
              if (any) {
                synchronized (this) {
                  whole = true;
                }
                look();
              }
            },
            failure -> LOG.debugf("not looking for what was fired (%s)", failure.getMessage()));
  }

  private void look() {
    Wanted wanted = next();
    if (wanted != null) {
      fired.take(wanted, this::check).subscribe().with(taken -> taken(wanted, taken), this::failed);
    }
  }

  private synchronized @org.jspecify.annotations.Nullable Wanted next() {
    if (looking) {
      again = true;
      return null;
    }
    if (fired.isClosed()) {
      return null;
    }
    looking = true;
    only = NONE;
    again = false;
    int most = single > 0 ? 1 : MAX_BATCH;
    long from = whole ? 0 : Math.max(0, last - OVERTAKEN);
    whole = false;
    return new Wanted(from, most, checks.maxBytes());
  }

  private CheckedRequest check(FiredRequest request) {
    only = request.runId();
    return unstorable.contains(request.runId())
        ? checks.unstorable(request)
        : checks.check(request);
  }

  private void taken(Wanted wanted, Taken taken) {
    boolean more = false;
    synchronized (this) {
      looking = false;
      last = Math.max(last, taken.last());
      single = Math.max(0, single - 1);
      long now = System.nanoTime();
      if (taken.rows() >= BUSY) {
        stayAwake(now);
      }
      more = again || (taken.rows() > 0 && taken.rows() == wanted.most());
      if (!more && now - awakeUntil < 0) {
        vertx.setTimer(LOOK_MS, timer -> look());
      }
    }
    unstorable.remove(only);
    if (more) {
      look();
    }
  }

  private void stayAwake(long now) {
    if (now - promisedAt < TimeUnit.MILLISECONDS.toNanos(RENEW_MS)) {
      return;
    }
    promisedAt = now;
    requests
        .promise(AWAKE_MS)
        .subscribe()
        .with(
            done -> promised(),
            failure -> LOG.debugf("commits go on notifying (%s)", failure.getMessage()));
  }

  private void promised() {
    synchronized (this) {
      awakeUntil = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(AWAKE_MS);
    }
    vertx.setTimer(AWAKE_MS + LAST_LOOK_MS, timer -> lookIfAny());
    look();
  }

  private void failed(Throwable failure) {
    LOG.warnf("what was fired in SQL waits (%s), trying again", failure.getMessage());
    synchronized (this) {
      looking = false;
      whole = true;
      // Of an outage nothing is the request's fault, however often it meets one.
      if (DatabaseFailure.isOfData(failure)) {
        if (single > 0 && !only.equals(NONE)) {
          unstorable.add(only);
        }
        single = MAX_BATCH;
      }
    }
  }
}
