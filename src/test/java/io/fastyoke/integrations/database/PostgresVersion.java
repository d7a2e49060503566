package io.fastyoke.integrations.database;

import io.fastyoke.integrations.support.Sql;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipFile;

/** A fresh PostgreSQL of a major version, from {@code target/postgres} (see pom.xml). */
final class PostgresVersion implements AutoCloseable {
  private static final Path BINARIES = Path.of("target/postgres").toAbsolutePath();

  final EmbeddedPostgres server;

  PostgresVersion(int major) throws IOException {
    Path jar = BINARIES.resolve("postgres-" + major + ".jar");
    EmbeddedPostgres.Builder builder = EmbeddedPostgres.builder();
    if (Files.exists(jar)) {
      builder
          .setPgBinaryResolver(
              (system, architecture) -> {
                // The caller reads it to its end, and the file is closed with it.
                ZipFile zip = new ZipFile(jar.toFile());
                return zip.getInputStream(
                    zip.stream()
                        .filter(e -> e.getName().endsWith(".txz"))
                        .findFirst()
                        .orElseThrow());
              })
          .setOverrideWorkingDirectory(BINARIES.resolve("" + major).toFile());
    }
    server = builder.start();
    String version = as("postgres", "postgres").first("SHOW server_version_num");
    if (!version.startsWith(major + "")) {
      server.close();
      throw new IllegalStateException("this is " + version + ", since there is no " + jar);
    }
  }

  /** The address for a login, whose password is of no interest: all of loopback is trusted. */
  String url(String login, String database) {
    return "postgres://%s:secret@localhost:%d/%s?sslmode=disable"
        .formatted(login, server.getPort(), database);
  }

  Sql as(String login, String database) {
    return new Sql(() -> server.getDatabase(login, database).getConnection());
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
