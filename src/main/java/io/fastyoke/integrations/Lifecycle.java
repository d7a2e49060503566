package io.fastyoke.integrations;

import io.fastyoke.integrations.commands.Command;
import io.fastyoke.integrations.database.Database;
import io.fastyoke.integrations.database.Migrations;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import org.jboss.logging.Logger;

/**
 * The progress of the start: for {@link Main}, which must know whether to drain, and for {@code
 * migrate}, which exits during the start.
 */
@Singleton
final class Lifecycle {
  private static final Logger LOG = Logger.getLogger(Lifecycle.class);

  /** Before any bean reads keys or begins to work. */
  private static final int FIRST = Integer.MIN_VALUE;

  /** The last step before the HTTP port opens. */
  private static final int LAST = Integer.MAX_VALUE;

  private static volatile Command command = Command.SERVE;
  private static volatile boolean serving;

  /** To be called before the framework starts. */
  static void begin(Command what) {
    command = what;
  }

  /** Whether there may be requests and attempts in flight. */
  static boolean isServing() {
    return serving;
  }

  void migrate(@Observes @Priority(FIRST) StartupEvent event, Migrations migrations) {
    if (command == Command.MIGRATE) {
      migrations.run();
      LOG.info("The database is migrated.");
      Database.close();
      // Quarkus logs an error if it is stopped during its start.
      Runtime.getRuntime().halt(0);
    }
  }

  void ready(@Observes @Priority(LAST) StartupEvent event) {
    serving = true;
  }
}
