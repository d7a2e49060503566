package io.fastyoke.integrations;

import io.fastyoke.integrations.commands.Command;
import io.fastyoke.integrations.database.Database;
import io.fastyoke.integrations.database.Migrations;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import org.jboss.logging.Logger;

/** Where the start is, for whoever has to end it, and where it ends by itself. */
@Singleton
final class Lifecycle {
  private static final Logger LOG = Logger.getLogger(Lifecycle.class);

  /** Before anything asks for keys or begins to work. */
  private static final int FIRST = Integer.MIN_VALUE;

  /** The socket is opened next. */
  private static final int LAST = Integer.MAX_VALUE;

  private static volatile Command command = Command.SERVE;
  private static volatile boolean serving;

  /** To be called before the framework starts. */
  static void begin(Command what) {
    command = what;
  }

  /** Whether there may be requests and attempts under way. */
  static boolean isServing() {
    return serving;
  }

  void migrate(@Observes @Priority(FIRST) StartupEvent event, Migrations migrations) {
    if (command == Command.MIGRATE) {
      migrations.run();
      LOG.info("The database is migrated.");
      Database.close();
      // The framework has no way to end in the middle of its start without complaining.
      Runtime.getRuntime().halt(0);
    }
  }

  void ready(@Observes @Priority(LAST) StartupEvent event) {
    serving = true;
  }
}
