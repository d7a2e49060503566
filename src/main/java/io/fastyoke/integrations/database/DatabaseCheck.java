package io.fastyoke.integrations.database;

import io.fastyoke.integrations.database.url.DatabaseUrl;
import io.fastyoke.integrations.settings.Settings;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the database as the start would, one thing at a time, and changes nothing in it. Each
 * method blocks, answers with a sentence, and throws when the service would not start or work; the
 * exception's message is the reason, in one line.
 */
public final class DatabaseCheck {
  private static final String UNDEFINED_TABLE = "42P01";

  /** Beyond it tokens are refused, or accepted after their end. */
  private static final Duration MAX_CLOCK_DIFFERENCE = Duration.ofSeconds(5);

  private static final String NEWEST =
      "SELECT max(version::int) FROM flyway_schema_history WHERE success AND version ~ '^[0-9]+$'";

  private final DatabaseUrl url;
  private final Optional<DatabaseUrl> direct;
  private final String roles;
  private final InstantSource clock;

  DatabaseCheck(DatabaseUrl url, Optional<DatabaseUrl> direct, String roles, InstantSource clock) {
    this.url = url;
    this.direct = direct;
    this.roles = roles;
    this.clock = clock;
  }

  /**
   * Of the database that the settings name.
   *
   * @return empty when they name none: the service would start an embedded one
   * @throws IllegalArgumentException when the URL cannot be used
   */
  public static Optional<DatabaseCheck> of(Settings settings, InstantSource clock) {
    String roles = settings.get("DATABASE_ROLES").orElse("auto");
    return DatabaseUrl.given()
        .map(url -> new DatabaseCheck(url, DatabaseUrl.direct(), roles, clock));
  }

  /**
   * What the service does when the settings name no database.
   *
   * @throws RuntimeException when it does not start
   */
  public static String none() {
    return Database.embeddable();
  }

  /** Whether the servers answer and can be written to, and what they are. */
  public String server() throws SQLException {
    String line = server(url);
    return direct.isEmpty() ? line : line + "; for migrations " + server(direct.get());
  }

  /** Whether the schema is that of this version, or may be migrated to it. */
  public String schema() throws SQLException {
    try (Connection connection = open(direct.orElse(url))) {
      @Nullable Object newest = newest(connection);
      if (newest instanceof Integer version && version > CurrentSchema.NEWEST) {
        throw Migrations.newer(version.toString());
      }
      if (newest != null && CurrentSchema.isCurrent(connection)) {
        return "version %d, which is current".formatted(CurrentSchema.NEWEST);
      }
      if (!isTrue(
          row(connection, "SELECT has_schema_privilege(current_schema(), 'CREATE') AS may"),
          "may")) {
        throw new SQLException("permission denied to create tables", "42501");
      }
      return "%s; the next start, or the command migrate, brings it to version %d"
          .formatted(newest == null ? "empty" : "version " + newest, CurrentSchema.NEWEST);
    }
  }

  /** Whether tenants would be kept apart, and by what. */
  public String roles() throws SQLException {
    try (Connection connection = open(url)) {
      connection.setAutoCommit(false);
      Map<String, @Nullable Object> access = row(connection, AccessProbe.PROBE);
      boolean exists =
          isTrue(
              row(connection, "SELECT to_regclass('connections') IS NOT NULL AS there"), "there");
      if (!exists) {
        return "not known before there is a schema";
      }
      if (!isTrue(access, "roles")) {
        if (isTrue(access, "member") && owner()) {
          return "the roles are there; the next start, or the command migrate, gives them their rights";
        }
        if (roles.equals("require")) {
          throw RoleRules.required(String.valueOf(access.get("login")));
        }
        RoleFacts login = RoleFacts.of(row(connection, RoleFacts.RIGHTS)::get);
        RoleRules.checkLogin(login);
        return "works as the login %s, under forced row-level security".formatted(login.name());
      }
      RoleFacts tenants = as(connection, Access.Side.TENANTS);
      RoleRules.checkRoles(tenants, as(connection, Access.Side.ENGINE));
      String line =
          "works under %s and %s".formatted(Access.Side.TENANTS.role, Access.Side.ENGINE.role);
      return tenants.powerful()
          ? line + ". WARNING: " + RoleRules.overPrivileged(tenants.login())
          : line;
    }
  }

  /** Whether the next start may give rights on the tables: only their owner may. */
  private boolean owner() throws SQLException {
    try (Connection connection = open(direct.orElse(url))) {
      return RoleFacts.of(row(connection, RoleFacts.RIGHTS)::get).owns();
    }
  }

  /** Whether this machine's clock is that of the database, up to the time of one round trip. */
  public String clock() throws SQLException {
    try (Connection connection = open(url)) {
      Instant before = clock.instant();
      Map<String, @Nullable Object> there =
          row(connection, "SELECT extract(epoch FROM clock_timestamp())::float8 AS seconds");
      Instant after = clock.instant();
      double here = (before.toEpochMilli() + after.toEpochMilli()) / 2_000.0;
      double ahead = here - number(there, "seconds");
      String line =
          String.format(
              Locale.ROOT,
              "%.1f s %s the database's",
              Math.abs(ahead),
              ahead < 0 ? "behind" : "ahead of");
      if (Math.abs(ahead) > MAX_CLOCK_DIFFERENCE.toSeconds()) {
        throw new StartRefusal(
            "The clock of this machine is " + line + ": synchronize both (NTP).");
      }
      return line;
    }
  }

  private static String server(DatabaseUrl url) throws SQLException {
    // A server that is not up is told at once: nothing is waited for.
    new FirstConnection(url, line -> {}).await(Duration.ZERO);
    try (Connection connection = open(url)) {
      write(connection);
      return "%s: PostgreSQL %s"
          .formatted(url, row(connection, "SHOW server_version").get("server_version"));
    }
  }

  /**
   * Writes a page of a table that is gone at the end of the transaction, and so finds a full disk.
   */
  private static void write(Connection connection) throws SQLException {
    connection.setAutoCommit(false);
    try (Statement statement = connection.createStatement()) {
      statement.execute("CREATE TEMPORARY TABLE fastyoke_check ON COMMIT DROP AS SELECT 1");
    } catch (SQLException failure) {
      // The service needs no temporary tables.
      if (!DatabaseFailure.INSUFFICIENT_PRIVILEGE.equals(failure.getSQLState())) {
        throw failure;
      }
    } finally {
      connection.rollback();
      connection.setAutoCommit(true);
    }
  }

  private static RoleFacts as(Connection connection, Access.Side side) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET LOCAL ROLE " + side.role);
      RoleFacts found = RoleFacts.of(row(connection, RoleFacts.RIGHTS)::get);
      statement.execute("RESET ROLE");
      return found;
    }
  }

  private static @Nullable Object newest(Connection connection) throws SQLException {
    try {
      return row(connection, NEWEST).get("max");
    } catch (SQLException failure) {
      if (UNDEFINED_TABLE.equals(failure.getSQLState())) {
        return null;
      }
      throw failure;
    }
  }

  private static Connection open(DatabaseUrl url) throws SQLException {
    return new FirstConnection(url, line -> {}).open();
  }

  private static Map<String, @Nullable Object> row(Connection connection, String query)
      throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      rows.next();
      Map<String, @Nullable Object> row = new HashMap<>();
      for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
        row.put(rows.getMetaData().getColumnLabel(i), rows.getObject(i));
      }
      return row;
    }
  }

  private static boolean isTrue(Map<String, @Nullable Object> row, String column) {
    return Boolean.TRUE.equals(row.get(column));
  }

  private static double number(Map<String, @Nullable Object> row, String column) {
    return row.get(column) instanceof Number number ? number.doubleValue() : Double.NaN;
  }
}
