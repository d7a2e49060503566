package io.fastyoke.integrations.database;

import io.quarkus.runtime.StartupEvent;
import io.quarkus.runtime.configuration.ConfigurationException;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.Arrays;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationState;

/** Refuses to start on a schema that a newer version has migrated: nobody knows what it means. */
@ApplicationScoped
class SchemaCheck {
  private static final int FIRST = 1;

  private final Flyway flyway;

  SchemaCheck(Flyway flyway) {
    this.flyway = flyway;
  }

  /** On the main thread, after the migrations and before anything is served. */
  void atStart(@Observes @Priority(FIRST) StartupEvent start) {
    Arrays.stream(flyway.info().all())
        .filter(migration -> migration.getState() == MigrationState.FUTURE_SUCCESS)
        .findFirst()
        .ifPresent(SchemaCheck::refuse);
  }

  private static void refuse(MigrationInfo later) {
    throw new ConfigurationException(
        "The schema of the database is not that of this version, but of a newer one (migration %s): start the newer version, or restore a backup from before."
            .formatted(later.getVersion()));
  }
}
