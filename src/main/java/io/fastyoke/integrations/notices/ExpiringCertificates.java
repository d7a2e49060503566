package io.fastyoke.integrations.notices;

import io.fastyoke.integrations.database.EngineDatabase;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Finds the client certificates that end soon, every hour and on every replica: each of their days
 * is told once all the same. Also deletes what was told so long ago that nothing depends on it.
 */
@ApplicationScoped
class ExpiringCertificates {
  private static final Logger LOG = Logger.getLogger(ExpiringCertificates.class);
  private static final long PERIOD_MS = TimeUnit.HOURS.toMillis(1);

  private final EngineDatabase database;
  private final InstantSource clock;
  private final Vertx vertx;
  private long timer = -1;

  ExpiringCertificates(EngineDatabase database, InstantSource clock, Vertx vertx) {
    this.database = database;
    this.clock = clock;
    this.vertx = vertx;
  }

  void start(@Observes StartupEvent event) {
    timer = vertx.setPeriodic(1, PERIOD_MS, id -> hourly());
  }

  void stop(@Observes ShutdownEvent event) {
    vertx.cancelTimer(timer);
  }

  private void hourly() {
    look()
        .subscribe()
        .with(
            done -> {},
            failure ->
                LOG.warnf(
                    "certificates that end are not looked for (%s), again in an hour",
                    failure.getMessage()));
  }

  Uni<Void> look() {
    return database
        .within(
            connection ->
                connection
                    .preparedQuery(NoticeSql.CERTIFICATES)
                    .execute(Tuple.of(clock.instant().atOffset(ZoneOffset.UTC)))
                    .chain(() -> connection.query(NoticeSql.EXPIRE).execute()))
        .replaceWithVoid();
  }
}
