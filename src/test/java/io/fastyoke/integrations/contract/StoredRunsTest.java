package io.fastyoke.integrations.contract;

import static io.fastyoke.integrations.support.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What is on disk may come from another version, or belong to somebody else by now. */
@QuarkusTest
@QuarkusTestResource(TestPostgres.class)
class StoredRunsTest {
  private final Api api = Api.fresh();

  /** The first attempt is refused; the second is due in an hour, or as soon as a test says so. */
  private String waiting(String connection) {
    Map<String, Object> retry = Map.of("max_attempts", 2, "backoff_ms", 3_600_000);
    String run =
        api.as()
            .body(
                Api.run(
                    "job-" + UUID.randomUUID(),
                    List.of(
                        Api.with(Api.action(connection, "/status/429"), "retry", retry),
                        Api.action(connection, "/next"))))
            .post(Api.RUNS)
            .jsonPath()
            .getString("id");
    eventually("an event is there", () -> !api.events("run_id=" + run).isEmpty());
    return run;
  }

  private static int change(String set, String... runs) {
    try (Connection connection = TestPostgres.server().getPostgresDatabase().getConnection();
        PreparedStatement statement =
            connection.prepareStatement(
                "UPDATE action_runs SET " + set + " WHERE id = ANY (?::uuid[])")) {
      statement.setString(1, "{" + String.join(",", runs) + "}");
      return statement.executeUpdate();
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aRunThatCannotBeReadFailsAloneAndIsNotCharged() {
    String rest = api.rest();
    String broken = waiting(rest);
    String bad = waiting(rest);
    String good = waiting(rest);
    int charged = api.charged();
    change("request = '{\"actions\": 5}'", broken);
    change("request = 'no JSON', actions = 'none either'", bad);
    change("due_at = now()", broken, bad, good);
    JsonPath first = api.finished(broken);
    assertThat(first.getString("status")).isEqualTo("failed");
    assertThat(first.getList("actions.status")).containsExactly("failed", "skipped");
    assertThat(first.getString("actions[0].error.code")).isEqualTo("unreadable_run");
    assertThat(first.getInt("actions[0].attempts")).isEqualTo(1);
    assertThat(api.finished(bad).getString("actions[0].error.code")).isEqualTo("unreadable_run");
    assertThat(api.finished(good).getList("actions.attempts")).isEqualTo(List.of(2, 0));
    assertThat(api.events("run_id=" + broken + "&outcome=failure")).hasSize(2);
    assertThat(api.charged()).isEqualTo(charged);
  }

  @Test
  void aRunOfALaterVersionIsReadAsFarAsItIsUnderstood() {
    String run = waiting(api.rest());
    String digits = "9".repeat(3_000);
    change(
        "due_at = now(), request = '{\"later\": {\"n\": "
            + digits
            + "}, \"context\": {\"n\": "
            + digits
            + "}, ' || substr(replace(request, '/status/429', '/fine'), 2)",
        run);
    change("request = replace(request, ',\"context\":null', '')", run);
    assertThat(api.finished(run).getString("status")).isEqualTo("succeeded");
  }

  /** Somebody else has taken the run meanwhile: what this one has to say changes nothing. */
  @Test
  void aClosingBehindTheFenceChangesNothing() {
    String run =
        api.as()
            .body(Api.run("zombie", List.of(Api.action(api.rest(), "/slow/700"))))
            .post(Api.RUNS)
            .jsonPath()
            .getString("id");
    eventually("the receiver is called", () -> !TestPostgres.receiver().at(api.tenant()).isEmpty());
    change(
        "lease_token = lease_token + 1, lease_owner = gen_random_uuid(), due_at = now() + interval '3 seconds'",
        run);
    JsonPath now = api.finished(run);
    assertThat(now.getString("status")).isEqualTo("succeeded");
    assertThat(
            TestPostgres.receiver().at(api.tenant()).stream()
                .map(a -> a.header("X-fastyoke-attempt")))
        .containsExactly("1", "2");
    assertThat(api.events("run_id=" + run).stream().map(event -> event.get("attempt")))
        .containsExactlyInAnyOrder(1, 2);
    assertThat(api.charged()).isEqualTo(1);
  }

  @Test
  void aRunInFlightIsCancelledBehindItsAttempt() {
    String rest = api.rest();
    String run =
        api.as()
            .body(Api.run("c", List.of(Api.action(rest, "/slow/700"), Api.action(rest, "/never"))))
            .post(Api.RUNS)
            .jsonPath()
            .getString("id");
    eventually("the receiver is called", () -> !TestPostgres.receiver().at(api.tenant()).isEmpty());
    String queued =
        api.as()
            .body(Api.run("c", List.of(Api.action(rest, "/neither"))))
            .post(Api.RUNS)
            .jsonPath()
            .getString("id");
    JsonPath behind = api.as().post(Api.RUNS + "/" + queued + "/cancel").jsonPath();
    assertThat(behind.getString("status")).isEqualTo("cancelled");
    JsonPath asked = api.as().post(Api.RUNS + "/" + run + "/cancel").jsonPath();
    assertThat(asked.getString("status")).isEqualTo("running");
    JsonPath end = api.finished(run);
    assertThat(end.getString("status")).isEqualTo("cancelled");
    assertThat(end.getList("actions.status")).containsExactly("succeeded", "cancelled");
    assertThat(TestPostgres.receiver().at(api.tenant())).hasSize(1);
    assertThat(api.charged()).isEqualTo(1);
  }

  /**
   * Retention removes the run that holds the key, in between finding it in the way and reading it.
   */
  @Test
  void aKeyWhoseRunVanishesIsFreeAgain() throws SQLException {
    String key = "vanishing-" + UUID.randomUUID();
    Map<String, Object> request = Api.run("v", List.of(Api.action(api.rest(), "/x")));
    String first = keyed(key, request);
    sql(
        """
        CREATE FUNCTION vanish() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
        BEGIN
          IF current_query() LIKE '%%r.lease_owner = r.id%%' THEN
            DELETE FROM action_runs WHERE idempotency_key = '%s';
          END IF;
          RETURN NULL;
        END $$
        """
            .formatted(key));
    sql(
        "CREATE TRIGGER vanish AFTER UPDATE ON action_runs FOR EACH STATEMENT EXECUTE FUNCTION vanish()");
    try {
      String second = keyed(key, request);
      assertThat(second).isNotEqualTo(first);
      assertThat(api.finished(second).getString("status")).isEqualTo("succeeded");
      assertThat(TestPostgres.receiver().at(api.tenant())).hasSize(2);
    } finally {
      sql("DROP FUNCTION vanish() CASCADE");
    }
  }

  private String keyed(String key, Map<String, Object> request) {
    return api.as()
        .header("Idempotency-Key", key)
        .header("Prefer", "wait=10")
        .body(request)
        .post(Api.RUNS)
        .jsonPath()
        .getString("id");
  }

  private static void sql(String statement) {
    TestPostgres.execute(statement);
  }

  /** Guards and dashboards count the rows that decide an action. */
  @Test
  void anActionThatIsCancelledBetweenAttemptsIsCountedOnce() {
    String run = waiting(api.rest());
    api.as().post(Api.RUNS + "/" + run + "/cancel").then().statusCode(200);
    String job = api.finished(run).getString("job_id");
    JsonPath summary = api.as().get("/api/v1/tenant/event-log/summary?job_id=" + job).jsonPath();
    assertThat(summary.getInt("webhooks.cancelled")).isEqualTo(2);
    assertThat(summary.getInt("webhooks.failed")).isZero();
  }
}
