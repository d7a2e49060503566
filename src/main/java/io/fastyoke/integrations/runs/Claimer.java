package io.fastyoke.integrations.runs;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.List;
import org.jboss.logging.Logger;

/** Claims due runs whenever a slot is free and there may be some. */
@ApplicationScoped
public class Claimer implements Worker.Queue {
  private static final Logger LOG = Logger.getLogger(Claimer.class);

  /** Finds what nobody told this replica of: retries of others, and runs that lost their holder. */
  private static final long POLL_MS = 1_000;

  /** A longer wait is left to the poll. */
  private static final Duration LONGEST_TIMER = Duration.ofSeconds(10);

  private final ClaimRuns claims;
  private final Worker worker;
  private final Slots slots;
  private final Vertx vertx;
  private boolean claiming;
  private boolean again;
  private boolean backlog;
  private long poll = -1;

  Claimer(ClaimRuns claims, Worker worker, Slots slots, Vertx vertx) {
    this.claims = claims;
    this.worker = worker;
    this.slots = slots;
    this.vertx = vertx;
  }

  void start(@Observes StartupEvent event) {
    poll = vertx.setPeriodic(POLL_MS, POLL_MS, timer -> wake());
  }

  void stop(@Observes ShutdownEvent event) {
    vertx.cancelTimer(poll);
  }

  /** Executes a run that this replica has claimed and holds a slot for. */
  void execute(ClaimedRun run) {
    worker.start(run, this);
  }

  /** There is something to claim. */
  void wake() {
    synchronized (this) {
      backlog = true;
    }
    claim();
  }

  @Override
  public void dueIn(Duration wait) {
    if (wait.isZero()) {
      wake();
    } else if (wait.compareTo(LONGEST_TIMER) <= 0) {
      vertx.setTimer(wait.toMillis() + 1, timer -> wake());
    }
  }

  @Override
  public void slotFree() {
    boolean behind;
    synchronized (this) {
      behind = backlog;
    }
    if (behind) {
      claim();
    }
  }

  private void claim() {
    int free = slots.free();
    synchronized (this) {
      if (claiming || free == 0) {
        again = claiming;
        return;
      }
      claiming = true;
      again = false;
      backlog = false;
    }
    claims
        .claim(free, slots.busyTenants())
        .subscribe()
        .with(runs -> claimed(runs, free), this::failed);
  }

  private void claimed(List<ClaimedRun> runs, int asked) {
    for (ClaimedRun run : runs) {
      slots.take(run.tenant());
      execute(run);
    }
    done(runs.size() == asked);
  }

  private void failed(Throwable failure) {
    LOG.warnf("claiming runs failed (%s), trying again", failure.getMessage());
    done(false);
  }

  private void done(boolean more) {
    boolean next;
    synchronized (this) {
      claiming = false;
      backlog |= more;
      next = again || more;
    }
    if (next) {
      claim();
    }
  }
}
