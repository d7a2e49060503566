package io.fastyoke.integrations.queue;

import io.fastyoke.integrations.queue.batching.PipelinedTransactions;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import org.jboss.logging.Logger;

/**
 * Makes the runs due that a paused connection has held for {@code hold_hours}; they fail then, as
 * they would have without. {@link Backlog} counts the others.
 */
@ApplicationScoped
class HeldRuns {
  private static final Logger LOG = Logger.getLogger(HeldRuns.class);
  private static final long PERIOD_MS = 2_000;

  /** So few at a time, so that those of one connection do not fill the queue. */
  private static final int BATCH = 1_000;

  private static final int BATCH_OF_ONE = 200;

  /**
   * Runs wait in the order of acceptance, and the oldest has waited longest: where it has not
   * waited for long enough, nothing else is read.
   */
  static final String EXPIRE =
      """
      %1$s, expired AS (
        SELECT r.tenant_id, r.id FROM waiting w
        CROSS JOIN LATERAL (
          SELECT x.updated_at, x.hold_hours FROM connections x WHERE x.id = w.gate AND %2$s LIMIT 1) c
        CROSS JOIN LATERAL (
          SELECT CASE WHEN %3$s <= now() THEN %5$d ELSE 0 END AS most FROM action_runs f
          WHERE f.gate = w.gate AND f.due_at IS NULL ORDER BY f.seq LIMIT 1) oldest
        CROSS JOIN LATERAL (
          SELECT h.tenant_id, h.id, h.created_at FROM action_runs h
          WHERE h.gate = w.gate AND h.due_at IS NULL ORDER BY h.seq LIMIT oldest.most) r
        WHERE %4$s <= now()
        LIMIT %6$d)
      UPDATE action_runs r SET due_at = now(), gate = NULL FROM expired e
      WHERE r.tenant_id = e.tenant_id AND r.id = e.id AND r.due_at IS NULL AND r.gate IS NOT NULL
      """
          .formatted(
              RateLimitedClaims.WAITING,
              Hold.holds("x"),
              Hold.end("f.created_at"),
              Hold.end("r.created_at"),
              BATCH_OF_ONE,
              BATCH);

  private final PipelinedTransactions pipeline;
  private final Vertx vertx;
  private boolean working;
  private long timer = -1;

  HeldRuns(PipelinedTransactions pipeline, Vertx vertx) {
    this.pipeline = pipeline;
    this.vertx = vertx;
  }

  void start(@Observes StartupEvent event) {
    timer = vertx.setPeriodic(PERIOD_MS, id -> look());
  }

  void stop(@Observes ShutdownEvent event) {
    vertx.cancelTimer(timer);
  }

  private void look() {
    synchronized (this) {
      if (working) {
        return;
      }
      working = true;
    }
    pipeline
        .execute(EXPIRE, Tuple.tuple())
        .onTermination()
        .invoke(this::looked)
        .subscribe()
        .with(
            done -> {},
            failure -> LOG.debugf("held runs are not looked after (%s)", failure.getMessage()));
  }

  private synchronized void looked() {
    working = false;
  }
}
