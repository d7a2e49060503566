package io.fastyoke.integrations.database;

import static org.assertj.core.api.Assertions.assertThat;

import io.fastyoke.integrations.support.FreePort;
import io.fastyoke.integrations.support.Sql;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A primary and its standby: what the primary has told to be committed, the standby has. */
final class Replicated implements AutoCloseable {
  private final Path folder = Files.createTempDirectory("replicated");
  private final int primaryPort = FreePort.find();
  private final int standbyPort = FreePort.find();
  private final EmbeddedPostgres primary;
  private final EmbeddedPostgres standby;

  Replicated() throws IOException, InterruptedException, SQLException {
    Path data = Files.createDirectory(folder.resolve("primary"));
    Path copy = folder.resolve("standby");
    launch(data, primaryPort).close();
    // The binaries of the tests have no pg_basebackup; a server that is down can be copied.
    assertThat(new ProcessBuilder("cp", "-a", data.toString(), copy.toString()).start().waitFor())
        .isZero();
    Files.createFile(copy.resolve("standby.signal"));
    Files.writeString(
        copy.resolve("postgresql.auto.conf"),
        "primary_conninfo = 'host=127.0.0.1 port=%d user=postgres'\n".formatted(primaryPort),
        StandardOpenOption.APPEND);
    primary = launch(data, primaryPort);
    standby = launch(copy, standbyPort);
    sql("ALTER SYSTEM SET synchronous_standby_names = '*'");
    sql("SELECT pg_reload_conf()");
  }

  int primaryPort() {
    return primaryPort;
  }

  int standbyPort() {
    return standbyPort;
  }

  /** The address that names both. */
  String url(String login, String database) {
    return "postgres://%s:secret@127.0.0.1:%d,127.0.0.1:%d/%s?sslmode=disable&target_session_attrs=read-write"
        .formatted(login, primaryPort, standbyPort, database);
  }

  /** Executes a statement on the primary. */
  void sql(String statement) {
    Sql.of(primary).execute(statement);
  }

  /** As an administrator does, who ends what is under way; returns when it is down. */
  void stopPrimary() throws IOException, InterruptedException {
    long pid =
        Long.parseLong(Files.readAllLines(folder.resolve("primary/postmaster.pid")).get(0).strip());
    ProcessHandle postmaster = ProcessHandle.of(pid).orElseThrow();
    new ProcessBuilder("kill", "-INT", Long.toString(pid)).start().waitFor();
    try {
      postmaster.onExit().get(30, TimeUnit.SECONDS);
    } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException e) {
      throw new AssertionError("PostgreSQL does not stop", e);
    }
  }

  /** Returns when the standby is the primary. */
  void promote() throws SQLException {
    run(standby, "SELECT pg_promote(true)");
  }

  /** How many runs the standby has. */
  long runs() throws SQLException {
    try (Connection connection = standby.getDatabase("postgres", "app").getConnection();
        Statement sql = connection.createStatement();
        ResultSet row = sql.executeQuery("SELECT count(*) FROM action_runs")) {
      row.next();
      return row.getLong(1);
    }
  }

  private static void run(EmbeddedPostgres server, String statement) throws SQLException {
    try (Connection connection = server.getPostgresDatabase().getConnection();
        Statement sql = connection.createStatement()) {
      sql.execute(statement);
    }
  }

  private static EmbeddedPostgres launch(Path data, int port) throws IOException {
    return EmbeddedPostgres.builder()
        .setDataDirectory(data)
        .setCleanDataDirectory(false)
        .setPort(port)
        .setServerConfig("synchronous_commit", "remote_apply")
        .start();
  }

  @Override
  public void close() throws IOException {
    primary.close();
    standby.close();
    try (Stream<Path> files = Files.walk(folder)) {
      files.sorted(java.util.Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    }
  }
}
