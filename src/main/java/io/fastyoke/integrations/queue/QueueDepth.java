package io.fastyoke.integrations.queue;

import io.fastyoke.integrations.queue.Backlog.Sampled;
import io.fastyoke.integrations.queue.batching.PipelinedTransactions;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * How many runs are due and not claimed, over all replicas, and for how long the oldest has been.
 * Beyond {@code QUEUE_LIMIT} no replica accepts more: a caller that cannot be served soon should
 * know it (backpressure).
 */
@ApplicationScoped
class QueueDepth {
  private static final Logger LOG = Logger.getLogger(QueueDepth.class);

  /** The depth may be out by what is accepted in this time. */
  private static final long PERIOD_MS = 2_000;

  /** How far is counted for the metric when there is no limit. */
  private static final int COUNTED = 100_000;

  /**
   * Counts what is due of each tenant; what waits for a later time costs nothing. The oldest of
   * each is the first entry of the index.
   */
  static final String DEPTH =
      "WITH RECURSIVE "
          + DueTenants.CTE
          + """
      SELECT (
        SELECT count(*) FROM (
          SELECT FROM tenants t CROSS JOIN LATERAL (
            SELECT FROM action_runs r WHERE r.tenant_id = t.tenant_id AND r.due_at <= now()
            ORDER BY r.due_at LIMIT $1) due
          LIMIT $1) counted) AS depth, (
        SELECT extract(epoch FROM now() - min(first.due_at))::float8 FROM tenants t CROSS JOIN LATERAL (
          SELECT r.due_at FROM action_runs r WHERE r.tenant_id = t.tenant_id AND r.due_at <= now()
          ORDER BY r.due_at LIMIT 1) first) AS oldest
      """;

  private final PipelinedTransactions pipeline;
  private final Vertx vertx;
  private final int limit;
  private final Sampled oldest = new Sampled(System::nanoTime);
  private volatile long depth;
  private boolean measuring;
  private long timer = -1;

  QueueDepth(
      PipelinedTransactions pipeline,
      Vertx vertx,
      MeterRegistry registry,
      @ConfigProperty(name = "fastyoke.queue-limit") int limit) {
    this.pipeline = pipeline;
    this.vertx = vertx;
    this.limit = limit;
    Gauge.builder("fastyoke.runs.queue.depth", () -> depth)
        .description(
            "Runs that are due and not taken, over all replicas; counted as far as QUEUE_LIMIT")
        .register(registry);
    Gauge.builder("fastyoke.runs.queue.limit", () -> limit)
        .description("QUEUE_LIMIT; 0 is none")
        .register(registry);
    Gauge.builder("fastyoke.runs.oldest.due", oldest, Sampled::value)
        .baseUnit("seconds")
        .description("How long the oldest run that is due has waited, over all replicas")
        .register(registry);
  }

  void start(@Observes StartupEvent event) {
    timer = vertx.setPeriodic(1, PERIOD_MS, id -> measure());
  }

  void stop(@Observes ShutdownEvent event) {
    vertx.cancelTimer(timer);
  }

  /** Whether the queue has reached its limit. */
  boolean isFull() {
    return limit > 0 && depth >= limit;
  }

  private void measure() {
    synchronized (this) {
      if (measuring) {
        return;
      }
      measuring = true;
    }
    pipeline
        .execute(DEPTH, Tuple.of((long) (limit > 0 ? limit : COUNTED)))
        .onTermination()
        .invoke(this::ended)
        .subscribe()
        .with(
            rows -> measured(rows.iterator().next()),
            failure ->
                LOG.debugf("the depth of the queue is not known (%s)", failure.getMessage()));
  }

  private void measured(Row row) {
    depth = row.getLong("depth");
    Double seconds = row.getDouble("oldest");
    oldest.set(seconds == null ? 0 : seconds);
  }

  private synchronized void ended() {
    measuring = false;
  }
}
