package io.fastyoke.integrations.faults;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the database says in the end. */
record Records(List<Run> runs, List<Event> events, List<Charge> charges, int countedAtGates) {
  /** A row of {@code action_runs}. */
  record Run(
      String id,
      String tenant,
      @Nullable String job,
      String key,
      long seq,
      String status,
      boolean finished) {}

  /** A row of {@code event_log}. */
  record Event(
      String run,
      int index,
      String delivery,
      String outcome,
      @Nullable Integer attempt,
      @Nullable String error,
      boolean endsAction,
      Instant at) {}

  /** A row of {@code utility_ledger}. */
  record Charge(String run, String delivery, int quantity) {}

  private interface Row<T> {
    T read(ResultSet rows) throws SQLException;
  }

  static Records read(Server postgres) {
    try (Connection connection = postgres.connect();
        Statement statement = connection.createStatement()) {
      return new Records(
          all(
              statement,
              "SELECT id, tenant_id, job_id, idempotency_key, seq, status, finished_at IS NOT NULL"
                  + " FROM action_runs WHERE idempotency_key IS NOT NULL",
              Records::run),
          all(
              statement,
              "SELECT run_id, action_index, delivery_id, outcome, attempt, error_code, ends_action,"
                  + " occurred_at FROM event_log WHERE event_type = 'WEBHOOK' ORDER BY id",
              Records::event),
          all(
              statement,
              "SELECT run_id, delivery_id, quantity FROM utility_ledger",
              rows -> new Charge(rows.getString(1), rows.getString(2), rows.getInt(3))),
          all(
                  statement,
                  "SELECT COALESCE(sum(in_flight), 0) FROM connection_gates",
                  rows -> rows.getInt(1))
              .get(0));
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  /**
   * Accepted runs that are not finished, those included that were fired in SQL and not taken in.
   */
  static int unfinished(Server postgres) {
    try (Connection connection = postgres.connect();
        Statement statement = connection.createStatement()) {
      return all(
              statement,
              "SELECT (SELECT count(*) FROM action_runs WHERE finished_at IS NULL)"
                  + " + (SELECT count(*) FROM fired_order)",
              rows -> rows.getInt(1))
          .get(0);
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  private static Run run(ResultSet rows) throws SQLException {
    return new Run(
        rows.getString(1),
        rows.getString(2),
        rows.getString(3),
        rows.getString(4),
        rows.getLong(5),
        rows.getString(6),
        rows.getBoolean(7));
  }

  private static Event event(ResultSet rows) throws SQLException {
    Timestamp at = rows.getTimestamp(8);
    return new Event(
        rows.getString(1),
        rows.getInt(2),
        rows.getString(3),
        rows.getString(4),
        (Integer) rows.getObject(5),
        rows.getString(6),
        rows.getBoolean(7),
        at.toInstant());
  }

  private static <T> List<T> all(Statement statement, String sql, Row<T> row) throws SQLException {
    List<T> all = new ArrayList<>();
    try (ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        all.add(row.read(rows));
      }
    }
    return all;
  }
}
