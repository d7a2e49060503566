package io.fastyoke.integrations.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quarkus.reactive.datasource.ReactiveDataSource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Nothing in the database is waited for without an end. */
@QuarkusTest
@QuarkusTestResource(TestPostgres.class)
class DatabaseLimitsTest {
  private static final String LOCK_NOT_AVAILABLE = "55P03";

  @Inject Pool pool;

  @Inject
  @ReactiveDataSource("engine")
  Pool engine;

  /** The service gives a connection up on which it hears nothing for 4 s. */
  @Test
  void statementsOfRequestsEndBeforeTheServiceStopsListening() {
    var rows = pool.query("SHOW statement_timeout").execute().await().atMost(Duration.ofMinutes(1));
    assertThat(rows.iterator().next().getString(0)).isEqualTo("3500ms");
  }

  /**
   * Nor does a transaction whose client has gone silent between a statement and the Sync behind it:
   * it is not idle to the server, which would keep its locks for good.
   */
  @Test
  void transactionsEndWithoutTheirClient() {
    for (Pool each : List.of(pool, engine)) {
      var rows =
          each.query("SHOW transaction_timeout").execute().await().atMost(Duration.ofMinutes(1));
      assertThat(rows.iterator().next().getString(0)).isEqualTo("10s");
    }
  }

  /**
   * A backup reads all partitions for as long as it takes; what waits behind it blocks all events.
   */
  @Test
  void aNewMonthDoesNotWaitForLong() throws SQLException {
    try (Connection backup = TestPostgres.server().getPostgresDatabase().getConnection();
        Connection upkeep = TestPostgres.server().getPostgresDatabase().getConnection();
        Statement reading = backup.createStatement();
        Statement statement = upkeep.createStatement()) {
      String month = newest(statement);
      statement.execute("DROP TABLE " + month);
      backup.setAutoCommit(false);
      reading.execute("LOCK TABLE event_log, event_log_other IN ACCESS SHARE MODE");
      assertThatThrownBy(() -> statement.execute("SELECT maintain_event_log(0)"))
          .isInstanceOfSatisfying(
              SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo(LOCK_NOT_AVAILABLE));
      backup.rollback();
      statement.execute("SELECT maintain_event_log(0)");
      assertThat(newest(statement)).isEqualTo(month);
    }
  }

  private static String newest(Statement statement) throws SQLException {
    try (ResultSet rows =
        statement.executeQuery(
            "SELECT max(relname) FROM pg_class WHERE relname ~ '^event_log_\\d{4}_\\d{2}$'")) {
      rows.next();
      return rows.getString(1);
    }
  }
}
