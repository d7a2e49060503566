package io.fastyoke.integrations.support;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** SQL under one login of one database, each call on a connection of its own. */
public record Sql(Source source) {
  /** Opens a connection. */
  @FunctionalInterface
  public interface Source {
    Connection open() throws SQLException;
  }

  /** As the superuser, who sees the rows of all tenants, in the database {@code postgres}. */
  public static Sql of(EmbeddedPostgres server) {
    return new Sql(() -> server.getPostgresDatabase().getConnection());
  }

  /** Executes one statement, which may hold semicolons. */
  public void execute(String statement) {
    try (Connection connection = source.open();
        Statement sql = connection.createStatement()) {
      sql.execute(statement);
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  /** Executes statements that are separated by semicolons, one by one. */
  public void run(String statements) throws SQLException {
    try (Connection connection = source.open();
        Statement sql = connection.createStatement()) {
      each(sql, statements);
    }
  }

  /** The first column of the first row. */
  public String first(String query) {
    try {
      return list(query).get(0);
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  /** The number that a query of one row and column finds. */
  public long number(String query) {
    return Long.parseLong(first(query));
  }

  /** The first column of all rows. */
  public List<String> list(String query) throws SQLException {
    return after("", query);
  }

  /** The same in a transaction in which these statements have been executed before. */
  public List<String> after(String statements, String query) throws SQLException {
    try (Connection connection = source.open();
        Statement sql = connection.createStatement()) {
      connection.setAutoCommit(false);
      each(sql, statements);
      try (ResultSet rows = sql.executeQuery(query)) {
        List<String> all = new ArrayList<>();
        while (rows.next()) {
          all.add(rows.getString(1));
        }
        return all;
      }
    }
  }

  private static void each(Statement sql, String statements) throws SQLException {
    for (String one : statements.split(";", -1)) {
      if (!one.isBlank()) {
        sql.execute(one);
      }
    }
  }
}
