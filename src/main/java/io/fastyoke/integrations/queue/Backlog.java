package io.fastyoke.integrations.queue;

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
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jboss.logging.Logger;

/**
 * Counts the runs that wait without being due: those that paused connections hold, and those that
 * wait for a retry. Both counts are for the metrics only.
 */
@ApplicationScoped
class Backlog {
  private static final Logger LOG = Logger.getLogger(Backlog.class);
  private static final long PERIOD_MS = 2_000;

  /** Counting reads a row for each run: the more there are, the less often. */
  private static final int COUNTED_IN_A_PERIOD = 10_000;

  /** With that, an answer is 22 s old at most, which {@link Sampled} still takes for one. */
  private static final int COUNTED = 100_000;

  /** What is leased is due later, too, but in flight. */
  static final String COUNT =
      """
      %1$s, %2$s
      SELECT (
        SELECT count(*) FROM (
          SELECT FROM waiting w
          CROSS JOIN LATERAL (SELECT FROM connections x WHERE x.id = w.gate AND %3$s LIMIT 1) c
          CROSS JOIN LATERAL (SELECT FROM action_runs r WHERE r.gate = w.gate AND r.due_at IS NULL LIMIT %4$d) r
          LIMIT %4$d) held) AS held, (
        SELECT count(*) FROM (
          SELECT FROM tenants t CROSS JOIN LATERAL (
            SELECT FROM action_runs r WHERE r.tenant_id = t.tenant_id AND r.due_at > now() AND NOT r.in_flight
            ORDER BY r.due_at LIMIT %4$d) later
          LIMIT %4$d) retrying) AS retrying
      """
          .formatted(RateLimitedClaims.WAITING, DueTenants.CTE, Hold.holds("x"), COUNTED);

  private final PipelinedTransactions pipeline;
  private final Vertx vertx;
  private final Sampled held = new Sampled(System::nanoTime);
  private final Sampled retrying = new Sampled(System::nanoTime);
  private long countIn;
  private boolean counting;
  private long timer = -1;

  Backlog(PipelinedTransactions pipeline, Vertx vertx, MeterRegistry registry) {
    this.pipeline = pipeline;
    this.vertx = vertx;
    Gauge.builder("fastyoke.runs.held", held, Sampled::value)
        .description(
            "Runs that paused connections hold, over all replicas; counted as far as 100,000")
        .register(registry);
    Gauge.builder("fastyoke.runs.retrying", retrying, Sampled::value)
        .description("Runs that wait for a retry, over all replicas; counted as far as 100,000")
        .register(registry);
  }

  void start(@Observes StartupEvent event) {
    timer = vertx.setPeriodic(1, PERIOD_MS, id -> count());
  }

  void stop(@Observes ShutdownEvent event) {
    vertx.cancelTimer(timer);
  }

  private void count() {
    synchronized (this) {
      if (counting || countIn-- > 0) {
        return;
      }
      counting = true;
    }
    pipeline
        .execute(COUNT, Tuple.tuple())
        .onTermination()
        .invoke(this::ended)
        .subscribe()
        .with(
            rows -> counted(rows.iterator().next()),
            failure -> LOG.debugf("the backlog is not known (%s)", failure.getMessage()));
  }

  private synchronized void counted(Row row) {
    held.set(row.getLong("held"));
    retrying.set(row.getLong("retrying"));
    countIn = (row.getLong("held") + row.getLong("retrying")) / COUNTED_IN_A_PERIOD;
  }

  private synchronized void ended() {
    counting = false;
  }

  /**
   * A number that the database has to be asked for. It is kept between two questions, however often
   * it is read, and is not a number once there has been no answer for half a minute: an old one
   * would say that all is well.
   */
  static final class Sampled {
    static final long VALID_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final LongSupplier nanos;
    private volatile Sample last;

    private record Sample(double value, long at) {}

    /**
     * @param nanos the clock, as {@link System#nanoTime()}
     */
    Sampled(LongSupplier nanos) {
      this.nanos = nanos;
      this.last = new Sample(Double.NaN, nanos.getAsLong());
    }

    void set(double value) {
      last = new Sample(value, nanos.getAsLong());
    }

    double value() {
      Sample sample = last;
      return nanos.getAsLong() - sample.at() > VALID_NANOS ? Double.NaN : sample.value();
    }
  }
}
