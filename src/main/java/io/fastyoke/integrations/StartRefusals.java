package io.fastyoke.integrations;

import io.fastyoke.integrations.database.Causes;
import io.fastyoke.integrations.database.StartRefusal;
import io.fastyoke.integrations.settings.SettingRefused;
import io.quarkus.runtime.QuarkusBindException;
import io.quarkus.runtime.configuration.ConfigurationException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Prints in one line on standard error why the service does not start. The log is not available at
 * that time.
 */
final class StartRefusals {
  private StartRefusals() {}

  /** Prints a line about the start. */
  static void tell(String line) {
    System.err.println(line);
  }

  /** Prints why it does not start. */
  static void tell(Throwable failure) {
    tell("Cannot start: " + line(failure));
  }

  static String line(Throwable failure) {
    List<Throwable> causes = Causes.of(failure);
    for (Throwable cause : causes) {
      String known = known(cause);
      if (known != null) {
        return known.lines().map(String::strip).reduce((a, b) -> a + " " + b).orElse("");
      }
    }
    String database = StartRefusal.line(failure);
    if (database != null) {
      return database;
    }
    Throwable root = causes.get(causes.size() - 1);
    return "%s: %s (a fault of the service; please report it)."
        .formatted(
            root.getClass().getName(),
            String.valueOf(root.getMessage()).lines().findFirst().orElse(""));
  }

  private static @Nullable String known(Throwable cause) {
    if (cause instanceof ConfigurationException
        || cause instanceof SettingRefused
        || cause instanceof StartRefusal) {
      return cause.getMessage();
    }
    if (cause instanceof QuarkusBindException taken) {
      return "Port %d is in use by another process: stop it, or set PORT."
          .formatted(taken.getPort());
    }
    return null;
  }
}
