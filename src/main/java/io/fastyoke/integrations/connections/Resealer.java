package io.fastyoke.integrations.connections;

import io.fastyoke.integrations.vault.KeyRing;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jboss.logging.Logger;

/**
 * Seals the rows of retired keys again under the active key: in the background, in small batches,
 * on one replica at a time. A crash loses the current batch only.
 *
 * <p>Looks again and again until nothing is left, since another replica that was at it may have
 * died; after that only now and then. In the middle of a rotation, replicas that do not have the
 * new key yet would otherwise seal everything back, over and over.
 */
@ApplicationScoped
class Resealer {
  private static final Logger LOG = Logger.getLogger(Resealer.class);
  private static final long AGAIN_MS = TimeUnit.SECONDS.toMillis(15);
  private static final int TICKS_OF_REST = 40;
  private static final int REPORT_EVERY = 1_000;
  private static final UUID BEGINNING = new UUID(0, 0);

  private final ResealBatch batch;
  private final KeyUsage usage;
  private final KeyRing keys;
  private final Vertx vertx;
  private final AtomicBoolean running = new AtomicBoolean();
  private final AtomicLong done = new AtomicLong();
  private volatile State state = State.IDLE;
  private long timer = -1;
  private int rested;

  Resealer(ResealBatch batch, KeyUsage usage, KeyRing keys, Vertx vertx) {
    this.batch = batch;
    this.usage = usage;
    this.keys = keys;
    this.vertx = vertx;
  }

  /** The state of re-sealing on this replica. */
  enum State {
    /** Something is left; the next round will look at it. */
    IDLE,
    RUNNING,
    /** Another replica is at it. */
    ELSEWHERE,
    /** Nothing is left under a retired key. */
    DONE,
    FAILED;

    String wire() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  void atStart(@Observes StartupEvent event) {
    timer = vertx.setPeriodic(1, AGAIN_MS, id -> tick());
  }

  void atStop(@Observes ShutdownEvent event) {
    vertx.cancelTimer(timer);
  }

  private void tick() {
    if (state == State.DONE && rested < TICKS_OF_REST) {
      rested++;
      usage
          .count()
          .subscribe()
          .with(
              rows -> {},
              failure -> LOG.debugf("keys were not counted (%s)", failure.getMessage()));
    } else {
      rested = 0;
      start();
    }
  }

  /** Begins a round, unless one is running on this replica. */
  void start() {
    if (!running.compareAndSet(false, true)) {
      return;
    }
    round()
        .onTermination()
        .invoke(() -> running.set(false))
        .subscribe()
        .with(this::become, this::fail);
  }

  State state() {
    return state;
  }

  /** Connections that this replica has sealed again since it started. */
  long done() {
    return done.get();
  }

  private Uni<State> round() {
    if (keys.retired().isEmpty()) {
      return usage.count().replaceWith(State.DONE);
    }
    Walk walk = new Walk();
    return Multi.createBy()
        .repeating()
        .uni(walk::next)
        .whilst(result -> result.state() == ResealBatch.BatchResult.Remaining.MORE)
        .invoke(this::report)
        .collect()
        .last()
        .chain(this::settle);
  }

  /** Through the rows, from the first id to the last. */
  private final class Walk {
    private volatile UUID at = BEGINNING;

    private Uni<ResealBatch.BatchResult> next() {
      return batch.after(at).invoke(result -> at = result.last());
    }
  }

  private void report(ResealBatch.BatchResult result) {
    if (result.resealed() > 0) {
      state = State.RUNNING;
      long before = done.getAndAdd(result.resealed());
      long now = before + result.resealed();
      if (before / REPORT_EVERY != now / REPORT_EVERY) {
        LOG.infof("re-sealing: %d connections by this replica so far", now);
      }
    }
  }

  private Uni<State> settle(ResealBatch.BatchResult last) {
    if (last.state() == ResealBatch.BatchResult.Remaining.ELSEWHERE) {
      return usage.count().replaceWith(State.ELSEWHERE);
    }
    return usage.count().map(rows -> KeyUsage.retired(rows) == 0 ? State.DONE : State.IDLE);
  }

  private void become(State next) {
    if (state != next && !keys.retired().isEmpty()) {
      LOG.infof("re-sealing: %s, %d connections by this replica", next.wire(), done.get());
    }
    state = next;
  }

  private void fail(Throwable failure) {
    state = State.FAILED;
    LOG.warnf("re-sealing stopped (%s); it goes on in a moment", failure.getMessage());
  }
}
