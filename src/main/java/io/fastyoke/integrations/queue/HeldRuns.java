package io.fastyoke.integrations.queue;

import io.fastyoke.integrations.queue.batching.PipelinedTransactions;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import org.jboss.logging.Logger;

/**
 * Looks after the runs that paused connections hold: makes those due that have waited for {@code
 * hold_hours}, whereupon they fail as they would have without, and counts the others.
 */
@ApplicationScoped
class HeldRuns {
  private static final Logger LOG = Logger.getLogger(HeldRuns.class);
  private static final long PERIOD_MS = 2_000;

  /** Counting reads an entry of an index for each run: the more there are, the less often. */
  private static final int COUNTED_IN_A_PERIOD = 10_000;

  private static final int COUNTED = 100_000;

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

  static final String COUNT =
      """
      %s
      SELECT count(*) AS held FROM (
        SELECT FROM waiting w
        CROSS JOIN LATERAL (SELECT FROM connections x WHERE x.id = w.gate AND %s LIMIT 1) c
        CROSS JOIN LATERAL (SELECT FROM action_runs r WHERE r.gate = w.gate AND r.due_at IS NULL LIMIT %3$d) r
        LIMIT %3$d) held
      """
          .formatted(RateLimitedClaims.WAITING, Hold.holds("x"), COUNTED);

  private final PipelinedTransactions pipeline;
  private final Vertx vertx;
  private volatile long held;
  private long countIn;
  private boolean working;
  private long timer = -1;

  HeldRuns(PipelinedTransactions pipeline, Vertx vertx, MeterRegistry registry) {
    this.pipeline = pipeline;
    this.vertx = vertx;
    Gauge.builder("fastyoke.runs.held", () -> held)
        .description(
            "Runs that paused connections hold, over all replicas; counted as far as 100,000")
        .register(registry);
  }

  void start(@Observes StartupEvent event) {
    timer = vertx.setPeriodic(PERIOD_MS, id -> look());
  }

  void stop(@Observes ShutdownEvent event) {
    vertx.cancelTimer(timer);
  }

  private void look() {
    boolean counts;
    synchronized (this) {
      if (working) {
        return;
      }
      working = true;
      counts = countIn <= 0;
      countIn--;
    }
    Uni<Void> expired = pipeline.execute(EXPIRE, Tuple.tuple()).replaceWithVoid();
    (counts ? expired.chain(this::count) : expired)
        .onTermination()
        .invoke(this::looked)
        .subscribe()
        .with(
            done -> {},
            failure -> LOG.debugf("held runs are not looked after (%s)", failure.getMessage()));
  }

  private Uni<Void> count() {
    return pipeline
        .execute(COUNT, Tuple.tuple())
        .invoke(rows -> counted(rows.iterator().next().getLong("held")))
        .replaceWithVoid();
  }

  private synchronized void counted(long found) {
    held = found;
    countIn = found / COUNTED_IN_A_PERIOD;
  }

  private synchronized void looked() {
    working = false;
  }
}
