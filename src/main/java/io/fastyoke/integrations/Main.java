package io.fastyoke.integrations;

import io.fastyoke.integrations.database.Database;
import io.fastyoke.integrations.http.BareRefusals;
import io.quarkus.runtime.ApplicationLifecycleManager;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;

/** Starts the service: first the database it needs, then everything else. */
@QuarkusMain
public final class Main {
  /** What a native binary reports for SIGINT and SIGTERM. */
  private static final int INTERRUPTED = 130;

  private static final int TERMINATED = 143;

  /** For the container, which makes a bean of every main class. */
  Main() {}

  public static void main(String... args) {
    BareRefusals.turnOn();
    if (!Database.prepare()) {
      System.exit(1);
    }
    StopSignal.on(() -> Quarkus.asyncExit(0));
    ApplicationLifecycleManager.setDefaultExitCodeHandler(code -> System.exit(exitCode(code)));
    Quarkus.run(args);
  }

  private static int exitCode(int code) {
    return code == INTERRUPTED || code == TERMINATED ? 0 : code;
  }
}
