package io.fastyoke.integrations.database;

import io.fastyoke.integrations.database.url.DatabaseUrl;
import io.fastyoke.integrations.settings.Settings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;

/** Connects to the database, or starts the embedded one, before the service starts. */
public final class Database {
  private static boolean embedded;

  private Database() {}

  /** Whether this process has started the embedded server. */
  static boolean isEmbedded() {
    return embedded;
  }

  /**
   * Connects to the database of {@code DATABASE_URL}, or starts the embedded PostgreSQL and sets it
   * for this process. Blocks up to {@code DATABASE_START_TIMEOUT} while a server is starting.
   *
   * @param log gets lines for the operator
   * @throws RuntimeException if there is no database; the message is one line for the operator
   */
  public static void prepare(Consumer<String> log) {
    Settings settings = Settings.ofThisProcess();
    if (DatabaseUrl.given().isEmpty()) {
      startEmbedded(settings, log);
    }
    DatabaseUrl url = DatabaseUrl.given().orElseThrow();
    if (!url.notUsed().isEmpty()) {
      log.accept(
          "WARNING: DATABASE_URL has parameters that are not known, and not used: "
              + String.join(", ", url.notUsed())
              + ".");
    }
    Duration timeout = Duration.parse(settings.get("DATABASE_START_TIMEOUT").orElse("PT10S"));
    DatabaseUrl.direct().ifPresent(direct -> new FirstConnection(direct, log).await(timeout));
    new FirstConnection(url, log).await(timeout);
  }

  /** Stops the embedded server, if any; for a process that ends without shutdown hooks. */
  public static void close() {
    EmbeddedPostgres.stop();
  }

  /**
   * What starts when no database is named, in words.
   *
   * @throws RuntimeException natively, where nothing does
   */
  static String embeddable() {
    if (System.getProperty("org.graalvm.nativeimage.imagecode") != null) {
      throw new StartRefusal(
          "DATABASE_URL is not set. The native binary has no embedded PostgreSQL; set DATABASE_URL=postgres://…");
    }
    return "DATABASE_URL is not set: an embedded PostgreSQL is started";
  }

  private static void startEmbedded(Settings settings, Consumer<String> log) {
    embeddable();
    Path folder = Path.of(settings.get("EMBEDDED_DATA_DIR").orElse("./data"));
    log.accept(
        "WARNING: DATABASE_URL is not set; starting an embedded PostgreSQL with its data in "
            + folder.toAbsolutePath().normalize()
            + ". Fine for trying things out, not for production.");
    System.setProperty(DatabaseUrl.NAME, EmbeddedPostgres.start(folder));
    embedded = true;
  }
}
