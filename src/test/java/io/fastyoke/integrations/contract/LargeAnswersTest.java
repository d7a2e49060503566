package io.fastyoke.integrations.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** No answer is larger than a few megabytes, whatever a tenant has stored or asks to be shown. */
@QuarkusTest
@QuarkusTestResource(TestPostgres.class)
class LargeAnswersTest {
  private static final int MOST_BYTES = 3 * 1024 * 1024;
  private static final int ROWS = 150;
  private static final int MOST_ACTIONS = 100;

  /** Ids of a moment, in the order of their numbers. */
  private static final String ID =
      "(left(replace(uuid_floor(%s)::text, '-', ''), 12) || '7000a000' || lpad(to_hex(n), 12, '0'))::uuid";

  private static final String EVENTS =
      """
      INSERT INTO event_log (id, tenant_id, run_id, job_id, action_index, delivery_id, connection_id, provider, event_type,
        outcome, attempt, ends_action, response_body, occurred_at)
      SELECT %s, e.tenant_id, e.run_id, 'large', 0, e.delivery_id, e.connection_id, e.provider, e.event_type,
        'failure', 1, false, repeat('x', 65536), now()
      FROM event_log e, generate_series(1, %d) AS n WHERE e.run_id = ?::uuid AND e.event_type = 'WEBHOOK'
      """
          .formatted(ID.formatted("now()"), ROWS);

  private static final String RUNS =
      """
      INSERT INTO action_runs (id, tenant_id, job_id, ordered, request, actions, connection_ids, status, created_at, finished_at)
      SELECT %s, r.tenant_id, 'large', r.ordered, r.request, r.actions, r.connection_ids, r.status, r.created_at, r.finished_at
      FROM action_runs r, generate_series(1, %d) AS n WHERE r.id = ?::uuid
      """
          .formatted(ID.formatted("now() - interval '1 minute'"), ROWS);

  /** One an hour. */
  private static final String CHARGES =
      """
      INSERT INTO utility_ledger (id, tenant_id, kind, run_id, delivery_id, provider, occurred_at)
      SELECT gen_random_uuid(), ?, 'WebhookEgress', gen_random_uuid(), gen_random_uuid(), 'twilio', now() - n * interval '1 hour'
      FROM generate_series(1, 50001) AS n
      """;

  private final Api api = Api.fresh();
  private String connection;

  @BeforeEach
  void connect() {
    connection = api.rest();
  }

  @Test
  void aPageOfLargeEventsEndsEarlier() throws SQLException {
    String run = api.fire(Api.action(connection, "/status/500")).then().extract().path("id");
    fill(EVENTS, run);
    readsOnToTheEnd("/api/v1/tenant/event-log?job_id=large&limit=200");
  }

  @Test
  void aPageOfLargeRunsEndsEarlier() throws SQLException {
    String run = api.fire(failing(true)).then().extract().path("id");
    fill(RUNS, run);
    readsOnToTheEnd(Api.RUNS + "?job_id=large&limit=200");
  }

  /** Page by page, each row once and the newest first. */
  private void readsOnToTheEnd(String address) {
    List<String> ids = new ArrayList<>();
    int pages = 0;
    for (String next = address; next != null; pages++) {
      Response page = api.as().urlEncodingEnabled(false).get(next);
      page.then().statusCode(200);
      assertThat(page.asByteArray().length).isLessThan(MOST_BYTES);
      List<String> found = page.jsonPath().getList("id");
      assertThat(found).isNotEmpty();
      ids.addAll(found);
      String link = page.header("Link");
      next = link == null ? null : link.substring(1, link.indexOf('>'));
    }
    assertThat(pages).isBetween(2, 20);
    assertThat(ids).hasSize(ROWS).doesNotHaveDuplicates();
    assertThat(ids).isSortedAccordingTo(Collections.reverseOrder());
  }

  @Test
  void aPreviewShowsTheFirstRequests() {
    Map<String, Object> action = echoing();
    Map<String, Object> body = Api.run("large", Collections.nCopies(MOST_ACTIONS, action));
    Response preview = api.as().body(with(body)).post(Api.RUNS + "/preview");
    isCut(preview);
    String run =
        api.as().body(with(body)).post(Api.RUNS).then().statusCode(202).extract().path("id");
    isCut(api.as().get(Api.RUNS + "/" + run + "/requests"));
  }

  private static void isCut(Response preview) {
    preview.then().statusCode(200);
    assertThat(preview.asByteArray().length).isLessThan(MOST_BYTES);
    JsonPath json = preview.jsonPath();
    assertThat(json.getList("actions")).hasSize(MOST_ACTIONS);
    assertThat(json.getString("actions[0].body.a")).hasSize(60_000);
    assertThat(json.getString("actions[0].error")).isNull();
    assertThat(json.getString("actions[99].body")).isNull();
    assertThat(json.getString("actions[99].error.code")).isEqualTo("preview_too_large");
  }

  @Test
  void aReplayOfManyActionsEndsEarlier() throws SQLException {
    String run = api.fire(failing(false)).then().extract().path("id");
    fill(RUNS, run);
    String until = Instant.now().toString();
    JsonPath first = replay(until);
    assertThat(first.getInt("count")).isEqualTo(100);
    assertThat(first.getBoolean("more")).isTrue();
    JsonPath second = replay(until);
    assertThat(second.getInt("count")).isEqualTo(ROWS - 100);
    assertThat(second.getBoolean("more")).isFalse();
  }

  /** It has no pages, so what is too much for one answer is not begun. */
  @Test
  void usageThatIsTooMuchForOneAnswerIsRefused() throws SQLException {
    try (Connection database = TestPostgres.server().getPostgresDatabase().getConnection();
        PreparedStatement insert = database.prepareStatement(CHARGES)) {
      insert.setString(1, api.tenant());
      insert.executeUpdate();
    }
    api.as()
        .get("/api/v1/tenant/usage?bucket=hour")
        .then()
        .statusCode(400)
        .body("details.fields[0].field", equalTo("since"));
    assertThat(api.charged()).isEqualTo(50_001);
  }

  private JsonPath replay(String until) {
    return api.as()
        .body(Map.of("job_id", "large", "until", until))
        .post(Api.RUNS + "/replay")
        .then()
        .statusCode(202)
        .extract()
        .jsonPath();
  }

  /**
   * Without a call.
   *
   * @param each whether each fails by itself, or all because of the first
   */
  @SuppressWarnings("unchecked")
  private static Map<String, Object>[] failing(boolean each) {
    Map<String, Object> action =
        Api.with(Api.action(UUID.randomUUID().toString(), "/x"), "continue_on_failure", each);
    return Collections.nCopies(MOST_ACTIONS, action).toArray(new Map[0]);
  }

  private Map<String, Object> echoing() {
    String long64 = "{{context.x}}";
    return Map.of(
        "action_type",
        "WEBHOOK",
        "payload_template",
        Map.of(
            "connection_id",
            connection,
            "path",
            "/x",
            "body",
            Map.of("a", long64, "b", long64, "c", long64)));
  }

  private static Map<String, Object> with(Map<String, Object> run) {
    return Api.with(run, "context", Map.of("x", "x".repeat(60_000)));
  }

  private static void fill(String sql, String run) throws SQLException {
    try (Connection database = TestPostgres.server().getPostgresDatabase().getConnection();
        PreparedStatement statement = database.prepareStatement(sql)) {
      statement.setString(1, run);
      assertThat(statement.executeUpdate()).isEqualTo(ROWS);
    }
  }
}
