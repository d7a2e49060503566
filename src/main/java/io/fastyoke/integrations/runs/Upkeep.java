package io.fastyoke.integrations.runs;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * What time brings with it: new months of the event log, runs that have been kept long enough, and
 * the depth of the queue.
 */
@ApplicationScoped
public class Upkeep {
  private static final Logger LOG = Logger.getLogger(Upkeep.class);
  private static final long HOURLY_MS = TimeUnit.HOURS.toMillis(1);
  private static final long OFTEN_MS = TimeUnit.SECONDS.toMillis(10);
  private static final int BATCH = 1_000;

  /** Whoever has the lock of the runs is not waited for: two replicas share the work. */
  private static final String EXPIRE =
      """
      DELETE FROM action_runs WHERE (tenant_id, id) IN (
        SELECT tenant_id, id FROM action_runs
        WHERE finished_at < now() - make_interval(days => $1) LIMIT %d FOR UPDATE SKIP LOCKED)
      """
          .formatted(BATCH);

  private static final String DEPTH =
      """
      SELECT count(*) AS depth FROM (
        SELECT FROM action_runs WHERE due_at <= now() LIMIT 10000) due
      """;

  private final Pipeline pipeline;
  private final RunMetrics metrics;
  private final Vertx vertx;
  private final int runDays;
  private final int eventLogDays;
  private long hourly = -1;
  private long often = -1;

  Upkeep(
      Pipeline pipeline,
      RunMetrics metrics,
      Vertx vertx,
      @ConfigProperty(name = "fastyoke.retention.run-days") int runDays,
      @ConfigProperty(name = "fastyoke.retention.event-log-days") int eventLogDays) {
    this.pipeline = pipeline;
    this.metrics = metrics;
    this.vertx = vertx;
    this.runDays = runDays;
    this.eventLogDays = eventLogDays;
  }

  void start(@Observes StartupEvent event) {
    hourly = vertx.setPeriodic(1, HOURLY_MS, timer -> hourly());
    often = vertx.setPeriodic(OFTEN_MS, OFTEN_MS, timer -> measure());
  }

  void stop(@Observes ShutdownEvent event) {
    vertx.cancelTimer(hourly);
    vertx.cancelTimer(often);
  }

  private void hourly() {
    pipeline
        .execute("SELECT maintain_event_log($1)", Tuple.of(eventLogDays))
        .chain(this::expire)
        .subscribe()
        .with(
            done -> {},
            failure ->
                LOG.warnf("upkeep failed (%s), trying again in an hour", failure.getMessage()));
  }

  private Uni<Void> expire() {
    return pipeline
        .execute(EXPIRE, Tuple.of(runDays))
        .map(RowSet::rowCount)
        .chain(count -> count == BATCH ? expire() : Uni.createFrom().voidItem());
  }

  private void measure() {
    pipeline
        .execute(DEPTH, Tuple.tuple())
        .subscribe()
        .with(
            rows -> metrics.backlog(rows.iterator().next().getLong("depth")),
            failure ->
                LOG.debugf("the depth of the queue is not known (%s)", failure.getMessage()));
  }
}
