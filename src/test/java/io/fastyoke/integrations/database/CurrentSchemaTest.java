package io.fastyoke.integrations.database;

import static org.assertj.core.api.Assertions.assertThat;

import io.agroal.api.AgroalDataSource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** When a start may do without Flyway. */
@QuarkusTest
class CurrentSchemaTest {
  private static final String GRANTED =
      "SELECT has_table_privilege('fastyoke_integrations_api', 'utility_ledger', 'SELECT')";

  @Inject AgroalDataSource database;

  @Test
  void theNewestIsThatOfTheFiles() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("src/main/resources/db/migration"))) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .filteredOn(name -> name.startsWith("V"))
          .extracting(name -> Integer.parseInt(name.substring(1, name.indexOf('_'))))
          .containsExactlyInAnyOrderElementsOf(
              IntStream.rangeClosed(1, CurrentSchema.NEWEST).boxed().toList());
    }
  }

  @Test
  void whatIsMigratedIsReadyOnceItsRightsAreBack() throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("REVOKE SELECT ON utility_ledger FROM fastyoke_integrations_api");
      assertThat(CurrentSchema.isReady(connection)).isTrue();
      try (ResultSet granted = statement.executeQuery(GRANTED)) {
        assertThat(granted.next()).isTrue();
        assertThat(granted.getBoolean(1)).isTrue();
      }
      connection.rollback();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "UPDATE flyway_schema_history SET success = false WHERE version = '3'",
        "UPDATE flyway_schema_history SET type = 'BASELINE' WHERE version = '1'",
        "DELETE FROM flyway_schema_history WHERE version = '14'",
        "UPDATE flyway_schema_history SET version = '999' WHERE version = '14'",
        "INSERT INTO flyway_schema_history SELECT 999, '999', 'later', type, script, 1,"
            + " installed_by, now(), 1, true FROM flyway_schema_history WHERE version = '1'",
        "CREATE SCHEMA elsewhere; SET LOCAL search_path = elsewhere, public"
      })
  void anythingElseIsForFlyway(String change) throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute(change);
      assertThat(CurrentSchema.isReady(connection)).isFalse();
      connection.rollback();
    }
  }
}
