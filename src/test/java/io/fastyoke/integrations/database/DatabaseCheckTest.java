package io.fastyoke.integrations.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fastyoke.integrations.contract.TestPostgres;
import io.fastyoke.integrations.database.url.DatabaseUrl;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * The rest is met through the command: {@code StartIT}, {@code RefusedStartIT}, {@code LoginsIT}.
 */
class DatabaseCheckTest {
  @Test
  void aClockThatIsWrongIsFound() throws SQLException {
    assertThat(at(Duration.ZERO).clock()).contains("the database's");
    assertThatThrownBy(() -> at(Duration.ofSeconds(7)).clock())
        .isInstanceOf(StartRefusal.class)
        .hasMessageContaining("s ahead of the database's: synchronize both");
    assertThatThrownBy(() -> at(Duration.ofSeconds(-7)).clock())
        .hasMessageContaining("s behind the database's");
  }

  private static DatabaseCheck at(Duration ahead) {
    DatabaseUrl url =
        DatabaseUrl.parse(
            "postgres://postgres@localhost:%d/postgres?sslmode=disable"
                .formatted(TestPostgres.server().getPort()));
    return new DatabaseCheck(
        url, Optional.empty(), "auto", InstantSource.offset(InstantSource.system(), ahead));
  }
}
