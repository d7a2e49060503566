package io.fastyoke.integrations.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fastyoke.integrations.database.url.DatabaseUrl;
import io.vertx.pgclient.PgException;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the operator is told, for what a real server is hard to bring to. */
class StartRefusalTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          53100 | The database's disk is full (53100, why): make room
          53300 | The database has no connection left (53300, why): raise max_connections
          42501 | The login of DATABASE_URL lacks a right (42501, why): let it own the database
          08P01 | The pooler in front of the database cannot be used (08P01, why)
          25006 | The database is read-only (25006, why): name the primary
          57P01 | The database is not available (57P01, why): start the service again
          42883 | The database refuses what the service needs (42883, why): see docs/operations.md
          """)
  void aStateHasItsLineWhicheverDriverReportsIt(String state, String line) {
    Throwable migration =
        new IllegalStateException(
            "a migration failed", new SQLException("ERROR: why\n  Hint: x", state));
    Throwable pool = new IllegalStateException(new PgException("why", "ERROR", state, ""));
    assertThat(StartRefusal.line(migration)).startsWith(line).doesNotContain("\n", "Hint");
    assertThat(StartRefusal.line(pool)).startsWith(line);
    assertThat(StartRefusal.line(new IllegalStateException("something else"))).isNull();
  }

  @Test
  void aServerThatIsTooOld() {
    FirstConnection connection =
        new FirstConnection(DatabaseUrl.parse("postgres://u@db/x?sslmode=disable"), line -> {});
    assertThatCode(() -> connection.refuseOld(14, "14.0")).doesNotThrowAnyException();
    assertThatThrownBy(() -> connection.refuseOld(13, "13.22"))
        .isInstanceOf(StartRefusal.class)
        .hasMessage(
            "The database at db:5432 is PostgreSQL 13.22, which is too old: upgrade it to 14 or newer.");
  }
}
