package io.fastyoke.integrations.database;

import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.Arrays;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.MigrationState;

/**
 * Migrates the schema at the start, after all checks that need no database: a start that fails for
 * a missing key leaves the schema unchanged. Refuses a schema of a newer version, because {@code
 * afterMigrate.sql} would replace that version's policies.
 */
@ApplicationScoped
public class Migrations {
  /** After the checks of tokens (0), keys (1), providers and egress (3). */
  private static final int AFTER_SETTINGS = 4;

  private final Flyway flyway;
  private final boolean enabled;

  Migrations(
      Flyway flyway, @ConfigProperty(name = "fastyoke.database.migrate-at-start") boolean enabled) {
    this.flyway = flyway;
    this.enabled = enabled;
  }

  /** On the main thread, before anything is served. */
  void atStart(@Observes @Priority(AFTER_SETTINGS) StartupEvent start) {
    if (enabled) {
      run();
    } else {
      refuseNewer();
    }
  }

  /**
   * Migrates now. Blocks.
   *
   * @throws StartRefusal if a newer version has migrated the schema
   * @throws org.flywaydb.core.api.FlywayException if the database refuses a migration
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
        .ifPresent(
            later -> {
              throw newer(String.valueOf(later.getVersion()));
            });
  }

  static StartRefusal newer(String migration) {
    return new StartRefusal(
        "The schema of the database is not that of this version, but of a newer one (migration %s): start the newer version, or restore a backup from before."
            .formatted(migration));
  }
}
