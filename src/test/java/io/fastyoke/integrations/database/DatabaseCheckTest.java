package io.fastyoke.integrations.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fastyoke.integrations.contract.TestPostgres;
import io.fastyoke.integrations.database.url.DatabaseUrl;
import io.fastyoke.integrations.support.Sql;
import io.quarkus.runtime.configuration.ConfigurationException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
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

  /** The next start gives the roles their rights, but only as the owner of the tables. */
  @Test
  void rolesWithoutRightsAreGoodForTheOwnerOnly() throws SQLException {
    Sql server = Sql.of(TestPostgres.server());
    for (String role : List.of("fastyoke_integrations_api", "fastyoke_integrations_engine")) {
      server.execute(
          "DO $$ BEGIN CREATE ROLE %s NOLOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$"
              .formatted(role));
    }
    server.run(
        "CREATE ROLE checked_owner LOGIN; CREATE ROLE checked_stranger LOGIN;"
            + "GRANT fastyoke_integrations_api, fastyoke_integrations_engine TO checked_owner, checked_stranger;"
            + "CREATE DATABASE checked OWNER checked_owner");
    Sql owner =
        new Sql(
            () -> TestPostgres.server().getDatabase("checked_owner", "checked").getConnection());
    owner.execute("CREATE TABLE connections (tenant_id text)");

    assertThat(as("checked_owner").roles()).startsWith("the roles are there; the next start");
    assertThatThrownBy(() -> as("checked_stranger").roles())
        .isInstanceOf(ConfigurationException.class)
        .hasMessageStartingWith("The login checked_stranger neither owns the tables");
  }

  private static DatabaseCheck as(String login) {
    return of(login, "checked", Duration.ZERO);
  }

  private static DatabaseCheck at(Duration ahead) {
    return of("postgres", "postgres", ahead);
  }

  private static DatabaseCheck of(String login, String database, Duration ahead) {
    DatabaseUrl url =
        DatabaseUrl.parse(
            "postgres://%s@localhost:%d/%s?sslmode=disable"
                .formatted(login, TestPostgres.server().getPort(), database));
    return new DatabaseCheck(
        url, Optional.empty(), "auto", InstantSource.offset(InstantSource.system(), ahead));
  }
}
