package io.fastyoke.integrations.database;

import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.Arrays;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationState;

/**
 * Brings the schema to this version, after everything that can be refused without the database: a
 * start that fails for want of a key has changed nothing. Refuses a schema that a newer version has
 * migrated, before {@code afterMigrate.sql} could put that version's policies back to ours.
 */
@ApplicationScoped
public class Migrations {
  /** Behind keys (1), tokens (0), providers and egress (3). */
  private static final int AFTER_SETTINGS = 4;

  private final Flyway flyway;
  private final boolean wanted;

  Migrations(
      Flyway flyway, @ConfigProperty(name = "fastyoke.database.migrate-at-start") boolean wanted) {
    this.flyway = flyway;
    this.wanted = wanted;
  }

  /** On the main thread, before anything is served. */
  void atStart(@Observes @Priority(AFTER_SETTINGS) StartupEvent start) {
    if (wanted) {
      run();
    } else {
      refuseNewer();
    }
  }

  /**
   * Migrates now. Blocks.
   *
   * @throws StartRefusal when a newer version was here
   * @throws org.flywaydb.core.api.FlywayException when the database does not take a migration
   */
  public void run() {
    if (CurrentSchema.isReady(flyway.getConfiguration().getDataSource())) {
      return;
    }
    refuseNewer();
    flyway.migrate();
  }

  private void refuseNewer() {
    Arrays.stream(flyway.info().all())
        .filter(migration -> migration.getState() == MigrationState.FUTURE_SUCCESS)
        .findFirst()
        .ifPresent(Migrations::refuse);
  }

  private static void refuse(MigrationInfo later) {
    throw new StartRefusal(
        "The schema of the database is not that of this version, but of a newer one (migration %s): start the newer version, or restore a backup from before."
            .formatted(later.getVersion()));
  }
}
