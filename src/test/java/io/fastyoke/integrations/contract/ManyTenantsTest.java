package io.fastyoke.integrations.contract;

import static io.fastyoke.integrations.support.Eventually.pause;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** One claim looks at a few hundred tenants; the runs of the others are found all the same. */
@QuarkusTest
@QuarkusTestResource(TestPostgres.class)
class ManyTenantsTest {
  private static final int TENANTS = 1_000;

  private final Api api = Api.fresh();

  @AfterEach
  void cleanUp() throws SQLException {
    try (Connection database = TestPostgres.server().getPostgresDatabase().getConnection();
        Statement statement = database.createStatement()) {
      statement.execute("DELETE FROM action_runs WHERE tenant_id LIKE '" + api.tenant() + "%'");
    }
  }

  /** Those of the last tenants, too, behind all that only wait for a retry. */
  @Test
  void whatIsDueIsFoundBehindManyOtherTenants() throws SQLException {
    String model = api.fire(Api.action(api.rest(), "/status/404")).then().extract().path("id");
    put(model, "''", "now() + interval '1 hour'");
    put(model, "'-z'", "now()");
    assertThat(finished()).isEqualTo(TENANTS);
    put(model, "''", "now()");
    put(model, "''", "now()");
    assertThat(finished()).isEqualTo(3 * TENANTS);
  }

  /** A run for each tenant; none of them has the connection, so nothing is sent. */
  private void put(String model, String suffix, String due) throws SQLException {
    try (Connection database = TestPostgres.server().getPostgresDatabase().getConnection();
        Statement statement = database.createStatement()) {
      statement.execute(
          """
          INSERT INTO action_runs (id, tenant_id, ordered, request, actions, connection_ids, created_at, status, due_at)
          SELECT gen_random_uuid(), tenant_id || '-' || i || %s, false, request,
            replace(actions, '"status":"failed"', '"status":"pending"'), connection_ids, now(), 'pending', %s
          FROM action_runs, generate_series(1, %d) i WHERE id = '%s'
          """
              .formatted(suffix, due, TENANTS, model));
    }
  }

  /** How many there are when none is due any more. */
  private int finished() throws SQLException {
    try (Connection database = TestPostgres.server().getPostgresDatabase().getConnection();
        Statement statement = database.createStatement()) {
      for (int look = 0; look < 600; look++) {
        try (ResultSet rows =
            statement.executeQuery(
                "SELECT count(*) FILTER (WHERE finished_at IS NULL AND due_at < now() + interval '10 minutes'),"
                    + " count(*) FILTER (WHERE finished_at IS NOT NULL)"
                    + (" FROM action_runs WHERE tenant_id LIKE '" + api.tenant() + "-%'"))) {
          rows.next();
          if (rows.getInt(1) == 0) {
            return rows.getInt(2);
          }
        }
        pause(Duration.ofMillis(50));
      }
    }
    throw new AssertionError("runs are due and not found");
  }
}
