package io.fastyoke.integrations.contract;

import static io.fastyoke.integrations.support.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.matchesPattern;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Transactions that PostgreSQL rolls back for the sake of others: victims of deadlocks ({@code
 * 40P01}) and serialization failures ({@code 40001}), and sessions that an administrator ends
 * ({@code 57P01}). They are repeated whole, and nothing is left of the ones before.
 */
@QuarkusTest
@QuarkusTestResource(TestPostgres.class)
class ConflictsTest {
  private static final String DEADLOCK = "40P01";
  private static final String TERMINATED = "57P01";
  private static final int FOR_EVER = 1_000_000;
  private static final int MOST_RETRIES = 3;

  private final Api api = Api.fresh();

  @AfterEach
  void noMoreConflicts() {
    TestPostgres.execute("DROP FUNCTION IF EXISTS conflict CASCADE");
    TestPostgres.execute("DROP SEQUENCE IF EXISTS conflicts");
  }

  /**
   * Lets a statement fail so many times when it comes to a row of this tenant. How often it came is
   * counted by a sequence, which no rollback takes back.
   */
  private void conflict(String state, String before, String table, String when, int times) {
    String fails =
        state.equals(TERMINATED)
            ? "PERFORM pg_terminate_backend(pg_backend_pid())"
            : "RAISE EXCEPTION 'on purpose' USING ERRCODE = '" + state + "'";
    TestPostgres.execute("CREATE SEQUENCE conflicts");
    TestPostgres.execute(
        """
        CREATE FUNCTION conflict() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
        BEGIN
          IF nextval('conflicts') <= %d THEN %s; END IF;
          RETURN NEW;
        END $$
        """
            .formatted(times, fails));
    TestPostgres.execute(
        "CREATE TRIGGER conflict BEFORE %s ON %s FOR EACH ROW WHEN (NEW.tenant_id = '%s' AND %s) EXECUTE FUNCTION conflict()"
            .formatted(before, table, api.tenant(), when));
  }

  private static int tries() {
    return TestPostgres.number(
        "SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM conflicts");
  }

  private int rows(String table) {
    return TestPostgres.number(
        "SELECT count(*) FROM " + table + " WHERE tenant_id = '" + api.tenant() + "'");
  }

  private int events() {
    return TestPostgres.number(
        "SELECT count(*) FROM event_log WHERE event_type = 'WEBHOOK' AND tenant_id = '"
            + api.tenant()
            + "'");
  }

  /** One run, one request, one event and one charge. */
  private void onceInAll() {
    assertThat(TestPostgres.receiver().at(api.tenant())).hasSize(1);
    assertThat(rows("action_runs")).isEqualTo(1);
    assertThat(events()).isEqualTo(1);
    assertThat(rows("utility_ledger")).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {DEADLOCK, "40001"})
  void acceptingIsRepeatedThreeTimes(String state) {
    String connection = api.rest();
    conflict(state, "INSERT", "action_runs", "true", MOST_RETRIES);
    api.fire(Api.action(connection, "/x")).then().statusCode(200);
    assertThat(tries()).isEqualTo(MOST_RETRIES + 1);
    onceInAll();
  }

  /**
   * Whether it was accepted is known to nobody but the database, which is asked by the run's id.
   */
  @Test
  void acceptingIsRepeatedWhenItsSessionWasEnded() {
    String connection = api.rest();
    conflict(TERMINATED, "INSERT", "action_runs", "true", 1);
    api.fire(Api.action(connection, "/x")).then().statusCode(200);
    assertThat(tries()).isEqualTo(2);
    onceInAll();
  }

  @ParameterizedTest
  @ValueSource(strings = {DEADLOCK, "40001"})
  void afterThreeRepetitionsTheCallerIsToComeBackAndNothingIsStored(String state) {
    String connection = api.rest();
    conflict(state, "INSERT", "action_runs", "true", FOR_EVER);
    fire("k", connection)
        .then()
        .statusCode(503)
        .header("Retry-After", matchesPattern("[1-9][0-9]*"))
        .body("error", equalTo("unavailable"));
    assertThat(tries()).isEqualTo(MOST_RETRIES + 1);
    assertThat(rows("action_runs")).isZero();
    noMoreConflicts();
    String run = fire("k", connection).then().statusCode(202).extract().path("id");
    assertThat(api.finished(run).getString("status")).isEqualTo("succeeded");
    onceInAll();
  }

  private Response fire(String key, String connection) {
    return api.as()
        .header("Idempotency-Key", key)
        .body(Api.run("job-" + UUID.randomUUID(), List.of(Api.action(connection, "/x"))))
        .post(Api.RUNS);
  }

  /**
   * What a receiver has been told is written down, however often that takes. The charge comes last
   * in its transaction: progress and event before it are rolled back with it.
   */
  @ParameterizedTest
  @ValueSource(strings = {DEADLOCK, "40001", TERMINATED})
  void anOutcomeIsRecordedOnceWhateverItTakes(String state) {
    String connection = api.rest();
    conflict(state, "INSERT", "utility_ledger", "true", 2 * MOST_RETRIES);
    api.fire(Api.action(connection, "/x"))
        .then()
        .statusCode(200)
        .body("status", equalTo("succeeded"))
        .body("actions[0].attempts", equalTo(1));
    assertThat(tries()).isEqualTo(2 * MOST_RETRIES + 1);
    onceInAll();
  }

  @Test
  void nothingOfAnOutcomeIsSeenBeforeAllOfItIs() {
    String connection = api.rest();
    conflict(DEADLOCK, "INSERT", "utility_ledger", "true", FOR_EVER);
    String run = fire("k", connection).then().statusCode(202).extract().path("id");
    eventually("it is tried again and again", () -> tries() > MOST_RETRIES + 1);
    assertThat(events()).isZero();
    JsonPath now = api.as().get(Api.RUNS + "/" + run).jsonPath();
    assertThat(now.getString("actions[0].status")).isIn("pending", "running");
    noMoreConflicts();
    assertThat(api.finished(run).getString("status")).isEqualTo("succeeded");
    onceInAll();
  }

  @ParameterizedTest
  @ValueSource(strings = {DEADLOCK, "40001", TERMINATED})
  void aClaimIsRepeatedAndBeginsEachAttemptOnce(String state) {
    String connection = api.rest();
    conflict(state, "UPDATE", "action_runs", "NEW.in_flight AND NEW.attempt = 2", MOST_RETRIES);
    Map<String, Object> retry = Map.of("max_attempts", 2, "backoff_ms", 1);
    api.fire(Api.with(Api.action(connection, "/status/503"), "retry", retry))
        .then()
        .body("actions[0].attempts", equalTo(2))
        .body("actions[0].error.code", equalTo("http_status"));
    assertThat(TestPostgres.receiver().at(api.tenant())).hasSize(2);
    assertThat(events()).isEqualTo(2);
    assertThat(rows("utility_ledger")).isEqualTo(1);
  }

  @Test
  void aPersonInConflictIsToldToComeBackAndChangesNothing() {
    String connection = api.rest();
    conflict(DEADLOCK, "UPDATE", "connections", "true", FOR_EVER);
    api.as()
        .body(Map.of("status", "paused"))
        .patch(Api.CONNECTIONS + "/" + connection)
        .then()
        .statusCode(503)
        .header("Retry-After", matchesPattern("[1-9][0-9]*"));
    noMoreConflicts();
    api.as().get(Api.CONNECTIONS + "/" + connection).then().body("status", equalTo("active"));
  }

  /**
   * A real one: the outcome's transaction has the run and waits for the connection, which a 410
   * pauses; somebody else has the connection and waits for the run. PostgreSQL looks for deadlocks
   * in those who have waited for a second, so the outcome is the victim.
   */
  @Test
  void theVictimOfADeadlockStartsAgain() throws SQLException {
    String connection = api.rest();
    try (Connection other = TestPostgres.server().getPostgresDatabase().getConnection();
        Statement statement = other.createStatement()) {
      other.setAutoCommit(false);
      statement.execute("SET LOCAL deadlock_timeout = '30s'");
      statement.execute("SELECT FROM connections WHERE id = '" + connection + "' FOR UPDATE");
      String run =
          api.as()
              .body(Api.run("job", List.of(Api.action(connection, "/status/410"))))
              .post(Api.RUNS)
              .then()
              .statusCode(202)
              .extract()
              .path("id");
      eventually(
          "a statement waits for a lock",
          () ->
              TestPostgres.number(
                      "SELECT count(*) FROM pg_locks WHERE NOT granted AND pid <> pg_backend_pid()")
                  > 0);
      // Waits until the outcome's transaction is rolled back, and would fail if this one were.
      statement.execute("SELECT FROM action_runs WHERE id = '" + run + "' FOR UPDATE");
      assertThat(events()).isZero();
      other.commit();
      assertThat(api.finished(run).getString("actions[0].error.code")).isEqualTo("http_status");
    }
    onceInAll();
    api.as().get(Api.CONNECTIONS + "/" + connection).then().body("status", equalTo("paused"));
  }
}
