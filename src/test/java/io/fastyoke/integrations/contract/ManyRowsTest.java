package io.fastyoke.integrations.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;

/**
 * What the admin page asks of a tenant with ten thousand connections and a hundred thousand runs.
 *
 * <p>The limit is far above what is measured (tens of milliseconds), for the sake of busy machines;
 * it is there for what reads everything, or once for each row.
 */
@QuarkusTest
@QuarkusTestResource(TestPostgres.class)
class ManyRowsTest {
  private static final int CONNECTIONS = 10_000;
  private static final int RUNS = 100_000;
  private static final Duration LIMIT = Duration.ofSeconds(2);

  /** The n-th row's id: a UUIDv7 of some time in the last three hours. */
  private static final String ID =
      """
      (lpad(to_hex((extract(epoch FROM now()) * 1000)::bigint - (%2$d - n) * 100), 12, '0')
        || '7000' || '%1$s' || lpad(to_hex(n), 12, '0'))::uuid
      """;

  private static final String FILL_CONNECTIONS =
      """
      INSERT INTO connections (id, tenant_id, provider, connection_name, credentials, key_id, status, created_at, updated_at, created_by)
      SELECT %s, tenant_id, provider, 'Connection ' || n, credentials, key_id,
        CASE WHEN n = 7 THEN 'paused' ELSE 'active' END, created_at, updated_at, created_by
      FROM connections, generate_series(1, %d) AS n WHERE id = ?::uuid
      """
          .formatted(ID.formatted("8000", CONNECTIONS), CONNECTIONS);

  private final Api api = Api.fresh();

  @Test
  void answersAllThatThePageAsksForWithinASecondOrTwo() throws SQLException {
    String template = api.rest();
    String run = api.fire(Api.action(template, "/fine")).then().extract().path("id");
    api.fire(Api.action(template, "/status/500"));
    fill(template, run);
    List<String> page = ids(get("/connections?limit=100"));
    assertThat(page).hasSize(100);
    String rare = template;
    SoftAssertions softly = new SoftAssertions();
    Stream.of(
            "/connections?limit=100",
            "/connections?limit=100&status=active",
            "/connections?limit=100&status=failing",
            "/connections?limit=100&status=paused",
            "/connections?limit=100&status=unreadable",
            "/connections?limit=100&q=connection+9999",
            "/connections?limit=100&ids=" + String.join(",", page),
            "/action-runs?limit=100",
            "/action-runs?limit=100&status=failed",
            "/action-runs?limit=100&status=pending",
            "/action-runs?limit=100&status=running",
            "/action-runs?limit=100&status=cancelled",
            "/action-runs?limit=100&connection_id=" + page.get(0),
            "/action-runs?limit=10&connection_id=" + rare,
            "/action-runs?limit=100&status=failed&connection_id=" + rare,
            "/action-runs?limit=100&job_id=job-77777",
            "/stats",
            "/stats?connection_id=" + page.get(0),
            "/stats/connections?ids=" + String.join(",", page))
        .forEach(query -> softly.assertThat(time(query)).as(query).isLessThan(LIMIT));
    softly.assertAll();
    assertThat(ids(get("/connections?status=paused"))).hasSize(1);
    assertThat(ids(get("/connections?status=failing"))).containsExactly(template);
    assertThat(ids(get("/connections?status=unreadable"))).isEmpty();
    assertThat(ids(get("/action-runs?connection_id=" + rare))).hasSize(2);
  }

  private Duration time(String query) {
    get(query);
    long begin = System.nanoTime();
    get(query);
    Duration took = Duration.ofNanos(System.nanoTime() - begin);
    System.out.println(took.toMillis() + " ms " + query.substring(0, Math.min(90, query.length())));
    return took;
  }

  private Response get(String query) {
    Response answer = api.as().get("/api/v1/tenant" + query);
    assertThat(answer.statusCode()).as(query).isEqualTo(200);
    return answer;
  }

  private static List<String> ids(Response answer) {
    return new ArrayList<>(answer.jsonPath().getList("id"));
  }

  private static void fill(String template, String run) throws SQLException {
    try (Connection database = TestPostgres.server().getPostgresDatabase().getConnection()) {
      update(database, FILL_CONNECTIONS, template);
      update(
          database,
          """
          CREATE TEMP TABLE made AS
          SELECT id, row_number() OVER (ORDER BY id) - 1 AS place FROM connections
          WHERE tenant_id = (SELECT tenant_id FROM connections WHERE id = ?::uuid) AND connection_name LIKE 'Connection %'
          """,
          template);
      update(
          database,
          """
          INSERT INTO action_runs (id, tenant_id, job_id, ordered, request, actions, connection_ids, status, created_at, finished_at)
          SELECT %s, r.tenant_id, 'job-' || n, r.ordered, r.request, r.actions, ARRAY[m.id], r.status, r.created_at, r.finished_at
          FROM action_runs r, generate_series(1, %d) AS n JOIN made m ON m.place = n %% %d
          WHERE r.id = ?::uuid
          """
              .formatted(ID.formatted("9000", RUNS), RUNS, CONNECTIONS),
          run);
      update(
          database,
          """
          INSERT INTO event_log (id, tenant_id, run_id, job_id, action_index, delivery_id, connection_id, provider, event_type,
            outcome, attempt, ends_action, duration_ms, occurred_at)
          SELECT %s, e.tenant_id, e.run_id, 'job-' || n, 0, e.delivery_id, m.id, e.provider, e.event_type,
            'success', 1, true, n %% 500, now() - (%d - n) * interval '100 ms'
          FROM event_log e, generate_series(1, %d) AS n JOIN made m ON m.place = n %% %d
          WHERE e.run_id = ?::uuid AND e.event_type = 'WEBHOOK'
          """
              .formatted(ID.formatted("a000", RUNS), RUNS, RUNS, CONNECTIONS),
          run);
      try (Statement statement = database.createStatement()) {
        statement.execute("ANALYZE connections, action_runs, event_log");
      }
    }
  }

  private static void update(Connection database, String sql, String id) throws SQLException {
    try (PreparedStatement statement = database.prepareStatement(sql)) {
      statement.setObject(1, UUID.fromString(id).toString());
      statement.executeUpdate();
    }
  }
}
