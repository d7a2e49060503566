package io.fastyoke.integrations.queue;

import io.fastyoke.integrations.queue.batching.PipelinedTransactions;
import io.fastyoke.integrations.queue.batching.PipelinedTransactions.Statement;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * Retention: creates and drops months of the event log, and deletes runs that were kept long
 * enough.
 */
@ApplicationScoped
public class Retention {
  private static final Logger LOG = Logger.getLogger(Retention.class);
  private static final long HOURLY_MS = TimeUnit.HOURS.toMillis(1);

  /** After a lock was not to be had in time, such as that of a backup. */
  private static final long RETRY_DELAY_MS = TimeUnit.MINUTES.toMillis(1);

  private static final int BATCH = 1_000;

  /**
   * Shorter than a silence that ends the connection: a statement that is no longer waited for must
   * end.
   */
  private static final Statement STATEMENT_TIMEOUT =
      new Statement("SELECT set_config('statement_timeout', '3500', true)", Tuple.tuple());

  static final String MAINTAIN = "SELECT maintain_event_log($1)";

  /**
   * Walks from tenant to tenant on the primary key (a loose index scan). What has finished long ago
   * was accepted before that, and so has a smaller UUIDv7 (RFC 9562, 5.7): no index of times is
   * needed. Locked runs are skipped: two replicas share the work.
   */
  static final String EXPIRE =
      """
      WITH RECURSIVE tenants(tenant_id) AS (
        (SELECT tenant_id FROM action_runs ORDER BY tenant_id, id LIMIT 1)
        UNION ALL
        SELECT (SELECT r.tenant_id FROM action_runs r WHERE r.tenant_id > t.tenant_id ORDER BY r.tenant_id, r.id LIMIT 1)
        FROM tenants t WHERE t.tenant_id IS NOT NULL
      )
      DELETE FROM action_runs WHERE (tenant_id, id) IN (
        SELECT expired.* FROM tenants t CROSS JOIN LATERAL (
          SELECT r.tenant_id, r.id FROM action_runs r
          WHERE r.tenant_id = t.tenant_id AND r.id < uuid_floor(now() - make_interval(days => %1$d))
            AND r.finished_at < now() - make_interval(days => %1$d)
          ORDER BY r.id LIMIT %2$d FOR UPDATE SKIP LOCKED) expired
        LIMIT %2$d)
      """;

  /** What leads from an id that was given twice to the run that was made. */
  static final String EXPIRE_SAME =
      "DELETE FROM fired_requests WHERE same_as IS NOT NULL AND fired_at < now() - make_interval(days => $1)";

  private final PipelinedTransactions pipeline;
  private final Vertx vertx;
  private final String expire;
  private final int runDays;
  private final int eventLogDays;
  private long hourly = -1;
  private volatile long again = -1;

  Retention(
      PipelinedTransactions pipeline,
      Vertx vertx,
      @ConfigProperty(name = "fastyoke.retention.run-days") int runDays,
      @ConfigProperty(name = "fastyoke.retention.event-log-days") int eventLogDays) {
    this.pipeline = pipeline;
    this.vertx = vertx;
    this.runDays = runDays;
    this.expire = EXPIRE.formatted(runDays, BATCH);
    this.eventLogDays = eventLogDays;
  }

  void start(@Observes StartupEvent event) {
    hourly = vertx.setPeriodic(1, HOURLY_MS, timer -> hourly());
  }

  void stop(@Observes ShutdownEvent event) {
    vertx.cancelTimer(hourly);
    vertx.cancelTimer(again);
  }

  private void hourly() {
    execute(MAINTAIN, Tuple.of(eventLogDays))
        .chain(() -> execute(EXPIRE_SAME, Tuple.of(runDays)))
        .chain(this::expire)
        .subscribe()
        .with(done -> {}, this::failed);
  }

  private Uni<Void> expire() {
    return execute(expire, Tuple.tuple())
        .map(RowSet::rowCount)
        .chain(count -> count == BATCH ? expire() : Uni.createFrom().voidItem());
  }

  private Uni<RowSet<Row>> execute(String sql, Tuple parameters) {
    return pipeline
        .transaction(List.of(STATEMENT_TIMEOUT, new Statement(sql, parameters)))
        .map(results -> results.get(1));
  }

  private void failed(Throwable failure) {
    LOG.warnf("retention failed (%s), trying again in a minute", failure.getMessage());
    vertx.cancelTimer(again);
    again = vertx.setTimer(RETRY_DELAY_MS, timer -> hourly());
  }
}
