package io.fastyoke.integrations.commands;

import io.fastyoke.integrations.database.DatabaseCheck;
import io.fastyoke.integrations.egress.Egress;
import io.fastyoke.integrations.identity.TokenCheck;
import io.fastyoke.integrations.settings.Settings;
import io.fastyoke.integrations.vault.Keys;
import java.io.PrintWriter;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;

/**
 * The command {@code check}: reads the settings and looks at the database as the start would, and
 * changes nothing. It goes on behind a fault, so that all of them are found at once.
 */
public final class Check {
  private final PrintWriter out;
  private final Function<Throwable, String> reason;
  private boolean failed;

  /**
   * @param out gets one line for each subject
   * @param reason what a failure means, in one line for the operator
   */
  public Check(PrintWriter out, Function<Throwable, String> reason) {
    this.out = out;
    this.reason = reason;
  }

  /**
   * Blocks; a database that does not answer is given up after a few seconds.
   *
   * @return the exit code: 0 when the service would start, 1 otherwise
   */
  public int run(Settings settings) {
    line("settings", () -> settings(settings));
    line("keys", () -> Keys.describe(settings::get));
    line("tokens", () -> TokenCheck.describe(settings::get));
    line("egress", () -> Egress.validateSettings(settings::get));
    database(settings);
    out.flush();
    return failed ? 1 : 0;
  }

  private void database(Settings settings) {
    Optional<DatabaseCheck> found;
    try {
      found = DatabaseCheck.of(settings, InstantSource.system());
    } catch (RuntimeException e) {
      fault("database", e);
      return;
    }
    if (found.isEmpty()) {
      line("database", DatabaseCheck::none);
      return;
    }
    DatabaseCheck database = found.get();
    if (line("database", database::server)) {
      line("schema", database::schema);
      line("roles", database::roles);
      line("clock", database::clock);
    }
  }

  private static String settings(Settings settings) {
    List<String> warnings = settings.check();
    return warnings.isEmpty()
        ? "can be read"
        : "can be read. WARNING: " + String.join(" WARNING: ", warnings);
  }

  private boolean line(String subject, Callable<String> look) {
    try {
      out.printf("ok      %-9s %s%n", subject, look.call());
      return true;
    } catch (Exception e) {
      fault(subject, e);
      return false;
    }
  }

  private void fault(String subject, Exception e) {
    failed = true;
    out.printf("FAILED  %-9s %s%n", subject, reason.apply(e));
  }
}
