package io.fastyoke.integrations;

import io.fastyoke.integrations.commands.Check;
import io.fastyoke.integrations.commands.Command;
import io.fastyoke.integrations.commands.CommandLines;
import io.fastyoke.integrations.database.Database;
import io.fastyoke.integrations.egress.Egress;
import io.fastyoke.integrations.errors.BareRefusals;
import io.fastyoke.integrations.identity.DevTokens;
import io.fastyoke.integrations.settings.Settings;
import io.fastyoke.integrations.vault.Keys;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** Starts the service, or runs a command: the database first, then Quarkus. */
@QuarkusMain
public final class Main {
  /** What a native binary reports for SIGINT and SIGTERM. */
  private static final int INTERRUPTED = 130;

  private static final int TERMINATED = 143;

  private static final AtomicBoolean STOPPING = new AtomicBoolean();

  /** For the CDI container, which makes every main class a bean. */
  Main() {}

  public static void main(String... args) {
    PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
    Command command = command(out, args);
    StopSignal.on(() -> stop(command));
    Settings settings = Settings.ofThisProcess();
    if (command == Command.GENERATE_KEY) {
      out.println(Keys.generate());
      System.exit(0);
    }
    if (command == Command.CHECK) {
      System.exit(new Check(out, StartRefusals::line).run(settings));
    }
    if (command == Command.TOKEN) {
      System.exit(token(out, settings));
    }
    BareRefusals.turnOn();
    try {
      settings.check().forEach(line -> StartRefusals.tell("WARNING: " + line));
      Egress.validateSettings(settings::get);
      Database.prepare(StartRefusals::tell);
    } catch (RuntimeException e) {
      StartRefusals.tell(e);
      System.exit(1);
    }
    Lifecycle.begin(command);
    Quarkus.run(null, (code, failure) -> exit(command, code, failure), args);
  }

  private static Command command(PrintWriter out, String... args) {
    try {
      Optional<Command> command = CommandLines.read(out, args);
      if (command.isEmpty()) {
        System.exit(0);
      }
      return command.orElseThrow();
    } catch (IllegalArgumentException unknown) {
      StartRefusals.tell(String.valueOf(unknown.getMessage()));
      System.exit(1);
      throw unknown;
    }
  }

  private static int token(PrintWriter out, Settings settings) {
    try {
      out.println(DevTokens.ofCommand(settings::get));
      return 0;
    } catch (RuntimeException e) {
      StartRefusals.tell(StartRefusals.line(e));
      return 1;
    }
  }

  /**
   * Ends the process. A serving process drains first. A process that is still starting has nothing
   * to lose and may be waiting for the database, so it ends at once: Quarkus would only stop after
   * its start. PostgreSQL rolls back an interrupted migration.
   */
  private static void stop(Command command) {
    if (!STOPPING.compareAndSet(false, true)) {
      return;
    }
    if (Lifecycle.isServing()) {
      Quarkus.asyncExit(0);
    } else {
      Database.close();
      // An interrupted release step must not look successful.
      Runtime.getRuntime().halt(command == Command.SERVE ? 0 : TERMINATED);
    }
  }

  /** In a native binary Quarkus handles signals and reports them here. */
  private static void exit(Command command, int code, @Nullable Throwable failure) {
    if (failure != null) {
      StartRefusals.tell(failure);
    }
    if (code == INTERRUPTED || code == TERMINATED) {
      stop(command);
    } else {
      System.exit(code);
    }
  }
}
