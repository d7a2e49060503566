package io.fastyoke.integrations.database;

import java.nio.file.Path;

/** Makes sure, before anything else starts, that there is a database to talk to. */
public final class Database {
  private static boolean embedded;

  private Database() {}

  /** Whether the server is this process's own, so that nobody else logs in to it. */
  static boolean isEmbedded() {
    return embedded;
  }

  /**
   * Checks {@code DATABASE_URL}, or starts the embedded PostgreSQL and sets it for this process.
   *
   * @return false when there is no database; the reason has been printed in one line
   */
  public static boolean prepare() {
    try {
      DirectUrlConfigSource.url();
      String url = System.getProperty(DatabaseUrl.NAME, System.getenv(DatabaseUrl.NAME));
      if (url != null && !url.isBlank()) {
        DatabaseUrl.parse(url);
      } else {
        startEmbedded();
      }
      return true;
    } catch (IllegalArgumentException | IllegalStateException e) {
      System.err.println("Cannot start: " + e.getMessage());
      return false;
    }
  }

  /** Stops what {@link #prepare} has started; for a process that ends without shutdown hooks. */
  public static void close() {
    EmbeddedPostgres.stop();
  }

  private static void startEmbedded() {
    if (System.getProperty("org.graalvm.nativeimage.imagecode") != null) {
      throw new IllegalStateException(
          "DATABASE_URL is not set. The native binary has no embedded PostgreSQL; set DATABASE_URL=postgres://…");
    }
    String folder = System.getenv().getOrDefault("EMBEDDED_DATA_DIR", "./data");
    System.err.println(
        "WARNING: DATABASE_URL is not set; starting an embedded PostgreSQL with its data in "
            + Path.of(folder).toAbsolutePath().normalize()
            + ". Fine for trying things out, not for production.");
    System.setProperty(DatabaseUrl.NAME, EmbeddedPostgres.start(Path.of(folder)));
    embedded = true;
  }
}
