package io.fastyoke.integrations.runs;

import static org.assertj.core.api.Assertions.assertThat;

import io.fastyoke.integrations.contract.TestPostgres;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** No statement of the engine reads the whole table of runs, however many are kept in it. */
@QuarkusTest
@QuarkusTestResource(TestPostgres.class)
class PlansTest {
  private static final Pattern PARAMETER = Pattern.compile("\\$(\\d+)");
  private static final Map<String, String> STATEMENTS =
      new TreeMap<>(
          Map.of(
              "claim", ClaimRuns.CLAIM,
              "admit", AdmitRuns.ADMIT,
              "gates", AdmitRuns.PREPARE,
              "accept", AcceptRuns.INSERT,
              "existing", AcceptRuns.EXISTING,
              "start_over", AcceptRuns.START_OVER,
              "record", RecordOutcomes.RECORD,
              "give_back", GiveBack.GIVE_BACK,
              "look", Reconcile.LOOK,
              "cancel", Canceller.CANCEL));

  /** Most of them finished, some due, some leased, of 20 tenants. */
  @BeforeAll
  static void fill() throws SQLException {
    sql(
        """
        INSERT INTO action_runs (id, tenant_id, job_id, ordered, request, actions, connection_ids, status, created_at,
          finished_at, due_at, in_flight, lease_owner)
        SELECT gen_random_uuid(), 'plans-' || n % 20, 'job-' || n % 5000, true, '{}', '[]', '{}',
          CASE WHEN n % 10 > 0 THEN 'succeeded' ELSE 'running' END, now(),
          CASE WHEN n % 10 > 0 THEN now() END,
          CASE WHEN n % 10 = 0 THEN now() + interval '1 day' END, n % 10 = 0, gen_random_uuid()
        FROM generate_series(1, 40000) n
        """,
        "ANALYZE action_runs");
  }

  @AfterAll
  static void empty() throws SQLException {
    sql("DELETE FROM action_runs WHERE tenant_id LIKE 'plans-%'", "ANALYZE action_runs");
  }

  @Test
  void nothingReadsAllRuns() throws SQLException {
    for (Map.Entry<String, String> statement : STATEMENTS.entrySet()) {
      assertThat(plan(statement.getKey(), statement.getValue()))
          .as(statement.getKey())
          .doesNotContain("Seq Scan on action_runs");
    }
    assertThat(plan("release", Chains.RELEASE)).doesNotContain("Seq Scan on action_runs");
  }

  /** As the engine's pool has it: one plan for whatever the parameters are. */
  private static String plan(String name, String statement) throws SQLException {
    int parameters = 0;
    Matcher matcher = PARAMETER.matcher(statement);
    while (matcher.find()) {
      parameters = Math.max(parameters, Integer.parseInt(matcher.group(1)));
    }
    try (Connection connection = TestPostgres.server().getPostgresDatabase().getConnection();
        Statement sql = connection.createStatement()) {
      sql.execute("SET ROLE fastyoke_integrations_engine");
      sql.execute("SET plan_cache_mode = force_generic_plan");
      sql.execute("PREPARE " + name + " AS " + statement);
      StringBuilder plan = new StringBuilder();
      String nulls = String.join(", ", Collections.nCopies(parameters, "NULL"));
      try (ResultSet lines =
          sql.executeQuery(
              "EXPLAIN EXECUTE " + name + (parameters == 0 ? "" : " (" + nulls + ")"))) {
        while (lines.next()) {
          plan.append(lines.getString(1)).append('\n');
        }
      }
      return plan.toString();
    }
  }

  private static void sql(String... statements) throws SQLException {
    try (Connection connection = TestPostgres.server().getPostgresDatabase().getConnection();
        Statement sql = connection.createStatement()) {
      for (String statement : statements) {
        sql.execute(statement);
      }
    }
  }
}
