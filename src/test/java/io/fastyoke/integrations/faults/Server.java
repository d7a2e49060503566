package io.fastyoke.integrations.faults;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * A PostgreSQL server that keeps its data and its port over restarts, and can be stopped as if its
 * machine had failed.
 */
interface Server extends AutoCloseable {
  int port();

  /**
   * {@code pg_ctl stop -m immediate}: SIGQUIT to the postmaster, no checkpoint, no farewell; the
   * next start recovers from the log.
   */
  void stopImmediately();

  /** Starts it again on the same data. */
  void start();

  /** Stops it for good, and removes its data. */
  @Override
  void close();

  /** As the superuser, who sees the rows of all tenants. */
  default Connection connect() throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:%d/postgres?user=postgres&sslmode=disable".formatted(port()));
  }

  /** Ends every session of the service ({@code 57P01}). */
  default int terminateSessions() {
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        var rows =
            statement.executeQuery(
                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
                    + " WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'")) {
      rows.next();
      return rows.getInt(1);
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }
}
