package io.fastyoke.integrations.contract;

import static io.fastyoke.integrations.support.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import io.fastyoke.integrations.support.Sql;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/**
 * A pause that holds: actions wait for its end, and for what else runs wait. With {@code
 * -Dheld.runs=100000} the last test takes so many.
 */
@QuarkusTest
@QuarkusTestResource(TestPostgres.class)
class HoldTest {
  private static final int MANY = Integer.getInteger("held.runs", 200);
  private static final Duration LONG = Duration.ofMinutes(10);

  private final Api api = Api.fresh();
  private final Sql sql = Sql.of(TestPostgres.server());

  private String connect(Map<String, Object> settings) {
    String connection = api.rest();
    change(connection, Map.of("settings", settings));
    return connection;
  }

  private String paused(Map<String, Object> settings) {
    String connection = connect(settings);
    change(connection, Map.of("status", "paused"));
    return connection;
  }

  private void change(String connection, Map<String, ?> change) {
    api.as().body(change).patch(Api.CONNECTIONS + "/" + connection).then().statusCode(200);
  }

  private void resume(String connection) {
    change(connection, Map.of("status", "active"));
  }

  private String fire(String job, String waitingFor, Map<String, ?>... actions) {
    return api.as()
        .body(Api.run(job, List.of(actions)))
        .post(Api.RUNS)
        .then()
        .statusCode(202)
        .body("waiting_for", equalTo(waitingFor))
        .extract()
        .path("id");
  }

  private String held(String connection, String path) {
    return fire("job-" + UUID.randomUUID(), "connection_paused", Api.action(connection, path));
  }

  private String waitingFor(String run) {
    return api.as().get(Api.RUNS + "/" + run).jsonPath().getString("waiting_for");
  }

  private void awaits(String run, String what) {
    eventually(run + " waits for " + what, () -> what.equals(waitingFor(run)));
  }

  private List<String> arrivals() {
    return TestPostgres.receiver().at(api.tenant()).stream()
        .map(arrival -> arrival.path().substring(arrival.path().lastIndexOf('/') + 1))
        .toList();
  }

  /** As if the pause and what was accepted since were so old. */
  private void age(String connection, String age) {
    sql.execute(
        "UPDATE action_runs SET created_at = created_at - interval '%1$s' WHERE next_connection = '%2$s' AND finished_at IS NULL"
            .formatted(age, connection));
    sql.execute(
        "UPDATE connections SET updated_at = updated_at - interval '%1$s' WHERE id = '%2$s'"
            .formatted(age, connection));
  }

  @Test
  void whatIsHeldFiresInOrderWithinTheLimitsOnceItIsResumed() {
    String connection = paused(Map.of("when_paused", "hold", "max_in_flight", 1));
    List<String> runs = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      runs.add(held(connection, "/" + i));
    }
    String behind = fire("one", "connection_paused", Api.action(connection, "/6"));
    String rest = api.rest();
    runs.add(behind);
    runs.add(fire("one", "earlier_run", Api.action(rest, "/7")));
    // Nobody else is held up.
    api.fire(Api.action(rest, "/other")).then().body("status", equalTo("succeeded"));
    assertThat(arrivals()).containsExactly("other");
    assertThat(waitingFor(behind)).isEqualTo("connection_paused");
    assertThat(api.charged()).isEqualTo(1);
    resume(connection);
    runs.forEach(run -> assertThat(api.finished(run).getString("status")).isEqualTo("succeeded"));
    assertThat(arrivals()).containsExactly("other", "0", "1", "2", "3", "4", "5", "6", "7");
    assertThat(TestPostgres.receiver().mostAtOnce(api.tenant())).isEqualTo(1);
    assertThat(waitingFor(behind)).isNull();
    assertThat(api.charged()).isEqualTo(9);
  }

  /** A run that another connection, or a retry, or its place in the queue brings to the pause. */
  @Test
  void whatComesToAPauseLaterIsHeldToo() {
    String connection = connect(Map.of("when_paused", "hold"));
    Map<String, Object> retry = Map.of("max_attempts", 2, "backoff_ms", 3_600_000);
    String retried =
        fire("r", null, Api.with(Api.action(connection, "/status/503"), "retry", retry));
    awaits(retried, "retry");
    change(connection, Map.of("status", "paused"));
    sql.execute("UPDATE action_runs SET due_at = now() WHERE id = '" + retried + "'");
    String second =
        fire("s", null, Api.action(api.rest(), "/first"), Api.action(connection, "/second"));
    awaits(retried, "connection_paused");
    awaits(second, "connection_paused");
    api.as()
        .get(Api.RUNS + "/" + second)
        .then()
        .body("status", equalTo("running"))
        .body("actions[0].status", equalTo("succeeded"))
        .body("actions[1].attempts", equalTo(0));
    resume(connection);
    assertThat(api.finished(second).getString("status")).isEqualTo("succeeded");
    assertThat(api.finished(retried).getInt("actions[0].attempts")).isEqualTo(2);
  }

  @Test
  void whatHasWaitedForTooLongFailsUncharged() {
    String connection = paused(Map.of("when_paused", "hold", "hold_hours", 2));
    String first = fire("j", "connection_paused", Api.action(connection, "/1"));
    String behind = fire("j", "earlier_run", Api.action(connection, "/2"));
    age(connection, "1 hour 59 minutes");
    String young = held(connection, "/3");
    age(connection, "2 minutes");
    for (String run : List.of(first, behind)) {
      assertThat(api.finished(run).getString("actions[0].error.code"))
          .isEqualTo("connection_paused");
    }
    assertThat(waitingFor(young)).isEqualTo("connection_paused");
    assertThat(arrivals()).isEmpty();
    assertThat(api.charged()).isZero();
    resume(connection);
    assertThat(api.finished(young).getString("status")).isEqualTo("succeeded");
  }

  @Test
  void itIsCancelledAndItGoesOnWhenTheConnectionNoLongerHolds() {
    String connection = paused(Map.of("when_paused", "hold"));
    String cancelled = held(connection, "/1");
    api.as()
        .post(Api.RUNS + "/" + cancelled + "/cancel")
        .then()
        .statusCode(200)
        .body("status", equalTo("cancelled"))
        .body("waiting_for", nullValue());
    String failing = held(connection, "/2");
    change(connection, Map.of("settings", Map.of("when_paused", "fail")));
    assertThat(api.finished(failing).getString("actions[0].error.code"))
        .isEqualTo("connection_paused");
    String deleted = paused(Map.of("when_paused", "hold"));
    String orphan = held(deleted, "/3");
    api.as().delete(Api.CONNECTIONS + "/" + deleted).then().statusCode(204);
    assertThat(api.finished(orphan).getString("actions[0].error.code"))
        .isEqualTo("connection_not_found");
    assertThat(arrivals()).isEmpty();
  }

  /** Half-open: one of them is the probe, and the others follow when it succeeds. */
  @Test
  void aConnectionThatItsFailuresHavePausedIsProbedWithOneOfThem() {
    String connection = connect(Map.of("when_paused", "hold", "pause_after_failures", 1));
    api.fire(Api.action(connection, "/status/500"));
    String failing = held(connection, "/status/500");
    String next = held(connection, "/1");
    String last = held(connection, "/2");
    probeIsDue(connection);
    assertThat(api.finished(failing).getString("actions[0].error.code")).isEqualTo("http_status");
    assertThat(waitingFor(next)).isEqualTo("connection_paused");
    probeIsDue(connection);
    for (String run : List.of(next, last)) {
      assertThat(api.finished(run).getString("status")).isEqualTo("succeeded");
    }
    api.as().get(Api.CONNECTIONS + "/" + connection).then().body("status", equalTo("active"));
  }

  private void probeIsDue(String connection) {
    sql.execute("UPDATE connections SET trial_at = now() WHERE id = '" + connection + "'");
  }

  @Test
  void itsSettingsAreCheckedAndShown() {
    String connection = api.rest();
    api.as()
        .body(Map.of("settings", Map.of("when_paused", "later", "hold_hours", 73)))
        .patch(Api.CONNECTIONS + "/" + connection)
        .then()
        .statusCode(400)
        .body(
            "details.fields.field",
            containsInAnyOrder("settings.when_paused", "settings.hold_hours"));
    change(connection, Map.of("settings", Map.of("when_paused", "hold", "hold_hours", 72)));
    api.as()
        .get(Api.CONNECTIONS + "/" + connection)
        .then()
        .body("settings.when_paused", equalTo("hold"))
        .body("settings.hold_hours", equalTo(72));
  }

  @Test
  void aRunSaysWhatItWaitsFor() {
    String limited = connect(Map.of("max_in_flight", 1));
    String atWork = fire("a", "connection_limit", Api.action(limited, "/slow/1500"));
    eventually("it is at work", () -> "running".equals(status(atWork)));
    assertThat(waitingFor(atWork)).isNull();
    String next = fire("b", "connection_limit", Api.action(limited, "/x"));
    String behind = fire("b", "earlier_run", Api.action(limited, "/y"));
    assertThat(waitingFor(next)).isEqualTo("connection_limit");
    assertThat(waitingFor(behind)).isEqualTo("earlier_run");
    assertThat(api.finished(behind).getString("waiting_for")).isNull();
  }

  private String status(String run) {
    return api.as().get(Api.RUNS + "/" + run).jsonPath().getString("status");
  }

  /** Many held runs are no work for anybody, and those of others go ahead while they are sent. */
  @Test
  void manyHeldRunsStarveNobody() {
    String connection = paused(Map.of("when_paused", "hold"));
    String first = held(connection, "/x");
    sql.execute(
        """
        INSERT INTO action_runs (id, tenant_id, ordered, request, actions, connection_ids, status, created_at, gate, next_connection)
        SELECT n.id, r.tenant_id, false, r.request, replace(r.actions, (r.actions::json->0->>'delivery_id'), n.id::text),
          r.connection_ids, 'pending', r.created_at, r.gate, r.next_connection
        FROM action_runs r, LATERAL (SELECT gen_random_uuid() AS id FROM generate_series(2, %d)) n WHERE r.id = '%s'
        """
            .formatted(MANY, first));
    eventually("they are counted", () -> heldRuns() >= Math.min(MANY, 100_000));
    long claims = claims(connection);
    Api other = Api.fresh();
    String rest = other.rest();
    for (int i = 0; i < 20; i++) {
      other.fire(Api.action(rest, "/x")).then().body("status", equalTo("succeeded"));
    }
    assertThat(claims(connection)).isEqualTo(claims);
    assertThat(arrivals()).isEmpty();
    resume(connection);
    for (int i = 0; i < 20; i++) {
      other.fire(Api.action(rest, "/y")).then().body("status", equalTo("succeeded"));
    }
    long left = unfinished(connection);
    assertThat(left).isGreaterThan(MANY >= 10_000 ? MANY / 2 : -1);
    eventually("all are sent", LONG, () -> unfinished(connection) == 0);
    assertThat(arrivals()).hasSize(MANY);
    assertThat(api.charged()).isEqualTo(MANY);
  }

  /** How often they have been claimed. */
  private long claims(String connection) {
    return sql.number(
        "SELECT sum(lease_token) FROM action_runs WHERE next_connection = '" + connection + "'");
  }

  private long unfinished(String connection) {
    return sql.number(
        "SELECT count(*) FROM action_runs WHERE finished_at IS NULL AND gate = '%1$s' OR finished_at IS NULL AND next_connection = '%1$s'"
            .formatted(connection));
  }

  private static double heldRuns() {
    String metrics = RestAssured.get("/q/metrics").asString();
    return metrics
        .lines()
        .filter(line -> line.startsWith("fastyoke_runs_held"))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
        .sum();
  }
}
