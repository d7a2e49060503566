package io.fastyoke.integrations.database;

import io.fastyoke.integrations.settings.Settings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;

/** Makes sure, before anything else starts, that there is a database to talk to. */
public final class Database {
  private static boolean embedded;

  private Database() {}

  /** Whether the server is this process's own, so that nobody else logs in to it. */
  static boolean isEmbedded() {
    return embedded;
  }

  /**
   * Connects to the database of {@code DATABASE_URL}, or starts the embedded PostgreSQL and sets it
   * for this process. Blocks, while a server is not up yet for as long as {@code
   * DATABASE_START_TIMEOUT} says.
   *
   * @param tell is given lines for the operator
   * @throws RuntimeException when there is no database; its message is the reason, in one line
   */
  public static void prepare(Consumer<String> tell) {
    Settings settings = Settings.ofThisProcess();
    if (DatabaseUrl.given().isEmpty()) {
      startEmbedded(settings, tell);
    }
    DatabaseUrl url = DatabaseUrl.given().orElseThrow();
    if (!url.notUsed().isEmpty()) {
      tell.accept(
          "WARNING: DATABASE_URL has parameters that are not known, and not used: "
              + String.join(", ", url.notUsed())
              + ".");
    }
    Duration patience = Duration.parse(settings.get("DATABASE_START_TIMEOUT").orElse("PT10S"));
    DatabaseUrl.direct().ifPresent(direct -> new FirstConnection(direct, tell).await(patience));
    new FirstConnection(url, tell).await(patience);
  }

  /** Stops what {@link #prepare} has started; for a process that ends without shutdown hooks. */
  public static void close() {
    EmbeddedPostgres.stop();
  }

  private static void startEmbedded(Settings settings, Consumer<String> tell) {
    if (System.getProperty("org.graalvm.nativeimage.imagecode") != null) {
      throw new StartRefusal(
          "DATABASE_URL is not set. The native binary has no embedded PostgreSQL; set DATABASE_URL=postgres://…");
    }
    Path folder = Path.of(settings.get("EMBEDDED_DATA_DIR").orElse("./data"));
    tell.accept(
        "WARNING: DATABASE_URL is not set; starting an embedded PostgreSQL with its data in "
            + folder.toAbsolutePath().normalize()
            + ". Fine for trying things out, not for production.");
    System.setProperty(DatabaseUrl.NAME, EmbeddedPostgres.start(folder));
    embedded = true;
  }
}
