package io.fastyoke.integrations.bench;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * The database server: the one that {@code DATABASE_URL} names, or one of our own. The run makes
 * databases there and drops them again: one for the service, a copy for {@link Pgbench}, and one
 * for what the service is compared with.
 */
final class Postgres implements AutoCloseable {
  static final String SERVICE = "fastyoke_bench";
  static final String LIMITS = "fastyoke_bench_limits";

  /** Of the package that the service is compared with. */
  static final String OTHER = "fastyoke_bench_other";

  private static final int UUIDV7_SINCE = 180_000;

  /** Of 16 MB each, as {@code min_wal_size} keeps them. */
  private static final int WAL_SEGMENTS = 256;

  private final String user;
  private final String password;
  private final String host;
  private final int port;
  private final EmbeddedPostgres own;
  private final Connection admin;
  private final long pid;

  private Postgres(URI uri, EmbeddedPostgres own) throws SQLException {
    String[] login = uri.getUserInfo() == null ? new String[0] : uri.getUserInfo().split(":", 2);
    this.user = login.length > 0 ? login[0] : "postgres";
    this.password = login.length > 1 ? login[1] : "";
    this.host = uri.getHost();
    this.port = uri.getPort() < 0 ? 5432 : uri.getPort();
    this.own = own;
    this.admin = connect(uri.getPath().length() > 1 ? uri.getPath().substring(1) : user);
    this.pid = localPid();
  }

  /** Starts or finds the server, and refuses one that would not measure durable writes. */
  static Postgres start(String url) throws IOException, SQLException {
    EmbeddedPostgres own = null;
    String uri = url;
    if (uri == null || uri.isBlank()) {
      own =
          EmbeddedPostgres.builder()
              .setServerConfig("max_connections", "200")
              .setServerConfig("fsync", "on")
              .setServerConfig("synchronous_commit", "on")
              .setServerConfig("full_page_writes", "on")
              .setServerConfig("shared_buffers", "128MB")
              .setServerConfig("min_wal_size", "4GB")
              .setServerConfig("max_wal_size", "6GB")
              .setServerConfig("checkpoint_timeout", "30min")
              .start();
      uri = "postgres://postgres@127.0.0.1:" + own.getPort() + "/postgres";
    }
    Postgres server = new Postgres(URI.create(uri), own);
    for (String setting : new String[] {"fsync", "synchronous_commit", "full_page_writes"}) {
      if (!server.text("SHOW " + setting).equals("on")) {
        throw new IllegalStateException("PostgreSQL runs with " + setting + " not on");
      }
    }
    if (Integer.parseInt(server.text("SHOW server_version_num")) < UUIDV7_SINCE) {
      throw new IllegalStateException("PostgreSQL 18 or newer is needed, for uuidv7()");
    }
    server.drop();
    server.age();
    server.run("CREATE DATABASE " + SERVICE);
    server.run("CREATE DATABASE " + OTHER);
    return server;
  }

  /**
   * A server that has run for a while writes its log into old segments. A new one makes each when
   * it is needed, and all commits wait 50 ms for that, which would be all that p99 shows. Only for
   * a server of our own.
   */
  void age() throws SQLException {
    for (int i = 0; own != null && i < WAL_SEGMENTS; i++) {
      run("SELECT pg_logical_emit_message(false, 'bench', ''), pg_switch_wal()");
    }
    run("CHECKPOINT");
  }

  /**
   * Lets the machine write what earlier steps have left in its memory. It does so half a minute
   * later otherwise, and lets the commits of a quieter step wait for it.
   */
  void settle() throws IOException, InterruptedException {
    if (own != null) {
      new ProcessBuilder("sync").inheritIO().start().waitFor();
    }
  }

  Connection connect(String database) throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://%s:%d/%s".formatted(host, port, database), user, password);
  }

  /** Copies what the service has made, empty as it is; nobody may be connected to it. */
  void copyForLimits() throws SQLException {
    run("CREATE DATABASE " + LIMITS + " TEMPLATE " + SERVICE);
  }

  /** Done with the copy: vacuuming what it left must not disturb the rest. */
  void dropLimits() throws SQLException {
    run("DROP DATABASE IF EXISTS " + LIMITS + " WITH (FORCE)");
    run("CHECKPOINT");
  }

  String user() {
    return user;
  }

  String password() {
    return password;
  }

  String host() {
    return host;
  }

  int port() {
    return port;
  }

  /** The address of a database for a service. */
  String url(String database) {
    return url(database, host, port);
  }

  /** The same behind something in front of the server. */
  String url(String database, String host, int port) {
    String login = password.isEmpty() ? user : user + ":" + password;
    return "postgres://%s@%s:%d/%s?sslmode=disable".formatted(login, host, port, database);
  }

  /** Tells a libpq program where to go. */
  void describeTo(ProcessBuilder program, String database) {
    program.environment().put("PGHOST", host);
    program.environment().put("PGPORT", String.valueOf(port));
    program.environment().put("PGUSER", user);
    program.environment().put("PGPASSWORD", password);
    program.environment().put("PGDATABASE", database);
  }

  /** Processor seconds of all its processes, or 0 when it is on another machine. */
  double cpu() {
    return pid == 0 ? 0 : Cpu.ofTree(pid);
  }

  /** Bytes written to the log so far. */
  long walBytes() throws SQLException {
    return number("SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::bigint");
  }

  /** Transactions committed in a database so far, but for the last second or so. */
  long commits(String database) throws SQLException {
    run("SELECT pg_stat_force_next_flush()");
    return number("SELECT xact_commit FROM pg_stat_database WHERE datname = ?", database);
  }

  String version() throws SQLException {
    return text("SHOW server_version");
  }

  private long localPid() throws SQLException {
    try {
      long found =
          Long.parseLong(text("SELECT split_part(pg_read_file('postmaster.pid'), chr(10), 1)"));
      return Files.readString(Path.of("/proc/" + found + "/comm")).startsWith("postgres")
          ? found
          : 0;
    } catch (SQLException | IOException e) {
      return 0; // not a superuser, or not this machine
    }
  }

  private void run(String sql) throws SQLException {
    try (Statement statement = admin.createStatement()) {
      statement.execute(sql);
    }
  }

  private String text(String sql) throws SQLException {
    try (Statement statement = admin.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getString(1).trim();
    }
  }

  private long number(String sql, Object... parameters) throws SQLException {
    return number(admin, sql, parameters);
  }

  static long number(Connection connection, String sql, Object... parameters) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < parameters.length; i++) {
        statement.setObject(i + 1, parameters[i]);
      }
      try (ResultSet rows = statement.executeQuery()) {
        rows.next();
        return rows.getLong(1);
      }
    }
  }

  private void drop() throws SQLException {
    run("DROP DATABASE IF EXISTS " + LIMITS + " WITH (FORCE)");
    run("DROP DATABASE IF EXISTS " + SERVICE + " WITH (FORCE)");
    run("DROP DATABASE IF EXISTS " + OTHER + " WITH (FORCE)");
  }

  @Override
  public void close() throws SQLException, IOException {
    drop();
    admin.close();
    if (own != null) {
      own.close();
    }
  }
}
