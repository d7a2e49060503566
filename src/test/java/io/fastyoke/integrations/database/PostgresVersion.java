package io.fastyoke.integrations.database;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipFile;
import javax.sql.DataSource;

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
    return new Sql(server.getDatabase(login, database));
  }

  /** A login, and SQL under it. */
  record Sql(DataSource source) {
    /** Executes statements that are separated by semicolons, one by one. */
    void run(String statements) throws SQLException {
      try (Connection connection = source.getConnection();
          Statement sql = connection.createStatement()) {
        for (String one : statements.split(";", -1)) {
          if (!one.isBlank()) {
            sql.execute(one);
          }
        }
      }
    }

    String first(String query) {
      try {
        return list(query).get(0);
      } catch (SQLException e) {
        throw new AssertionError(e);
      }
    }

    List<String> list(String query) throws SQLException {
      return after("", query);
    }

    /** What a query finds in a transaction in which these statements were executed before. */
    List<String> after(String statements, String query) throws SQLException {
      try (Connection connection = source.getConnection();
          Statement sql = connection.createStatement()) {
        connection.setAutoCommit(false);
        for (String one : statements.split(";", -1)) {
          if (!one.isBlank()) {
            sql.execute(one);
          }
        }
        try (ResultSet rows = sql.executeQuery(query)) {
          List<String> all = new ArrayList<>();
          while (rows.next()) {
            all.add(rows.getString(1));
          }
          return all;
        }
      }
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
