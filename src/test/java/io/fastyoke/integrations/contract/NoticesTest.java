package io.fastyoke.integrations.contract;

import static io.fastyoke.integrations.support.Eventually.eventually;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.anEmptyMap;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.nullValue;

import io.fastyoke.integrations.contract.Receiver.Arrival;
import io.fastyoke.integrations.identity.Jwts;
import io.fastyoke.integrations.support.Sql;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.ValidatableResponse;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A tenant is told what breaks. Time is moved in the rows. */
@QuarkusTest
@QuarkusTestResource(TestPostgres.class)
class NoticesTest {
  private static final String NOTICES = "/api/v1/tenant/notices";
  private static final List<String> ALL =
      List.of(
          "connection.paused",
          "connection.resumed",
          "connection.failing",
          "run.failed",
          "credential.unreadable",
          "certificate.expiring");

  private final Api api = Api.fresh();
  private final Sql sql = Sql.of(TestPostgres.server());

  private ValidatableResponse put(Object settings) {
    return api.as().body(settings).put(NOTICES).then();
  }

  private ValidatableResponse get() {
    return api.as().get(NOTICES).then().statusCode(200);
  }

  private static Map<String, Object> settings(String connection, String path, Object events) {
    return Map.of("connection_id", connection, "path", path, "events", events);
  }

  /** A connection that carries notices of these types. */
  private String carrier(String path, List<String> events) {
    String carrier = api.rest();
    put(settings(carrier, path, events)).statusCode(200);
    return carrier;
  }

  private void status(String connection, String status) {
    api.as()
        .body(Map.of("status", status))
        .patch(Api.CONNECTIONS + "/" + connection)
        .then()
        .statusCode(200);
  }

  private List<Arrival> arrived(String path) {
    return TestPostgres.receiver().at("/" + api.tenant() + path);
  }

  private JsonPath notice(String path, int number) {
    eventually("notice " + number + " at " + path, () -> arrived(path).size() >= number);
    assertThat(arrived(path)).hasSize(number);
    return new JsonPath(arrived(path).get(number - 1).body());
  }

  private JsonPath ofType(String type) {
    eventually(type, () -> arrived("/alerts").stream().anyMatch(of(type)));
    List<Arrival> found = arrived("/alerts").stream().filter(of(type)).toList();
    assertThat(found).hasSize(1);
    return new JsonPath(found.get(0).body());
  }

  private static java.util.function.Predicate<Arrival> of(String type) {
    return arrival -> arrival.header("X-fastyoke-event").equals(type);
  }

  /** As if five minutes were over. */
  private void later() {
    sql.execute(
        "UPDATE pending_notices SET due_at = now(), free_at = now() WHERE due_at IS NOT NULL AND tenant_id = '"
            + api.tenant()
            + "' AND telling IS NULL");
  }

  private long pending(String condition) {
    return sql.number(
        "SELECT count(*) FROM pending_notices WHERE tenant_id = '%s' AND %s"
            .formatted(api.tenant(), condition));
  }

  /** Nothing is left to be told, and every run has ended. */
  private void settled() {
    eventually("all is told", () -> pending("due_at IS NOT NULL") == 0);
    eventually(
        "all runs have ended",
        () ->
            sql.number(
                    "SELECT count(*) FROM action_runs WHERE finished_at IS NULL AND tenant_id = '%s'"
                        .formatted(api.tenant()))
                == 0);
  }

  @Test
  void whatIsToldIsKeptReplacedAndTakenBack() {
    get().body("$", anEmptyMap());
    String carrier = api.rest();
    Map<String, Object> wanted = settings(carrier, "/alerts", List.of("run.failed"));
    put(wanted).statusCode(200).body("$", equalTo(wanted));
    get().body("$", equalTo(wanted));
    Map<String, Object> other =
        Map.of("connection_id", carrier, "events", List.of("connection.paused"));
    put(other).statusCode(200).body("$", equalTo(other));
    Map<String, Object> own = Map.of("tenant_id", api.tenant());
    put(own).statusCode(200).body("$", anEmptyMap());
    get().body("$", anEmptyMap());
    put(Map.of("tenant_id", "another")).statusCode(403).body("error", equalTo("tenant_mismatch"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"connection_id\":\"%s\",\"path\":\"/x\"} | events",
        "{\"connection_id\":\"%s\",\"events\":[]} | events",
        "{\"connection_id\":\"%s\",\"events\":[\"run.failed\",\"run.lost\"]} | events[1]",
        "{\"connection_id\":\"%s\",\"events\":[\"run.failed\",\"run.failed\"]} | events[1]",
        "{\"connection_id\":\"%s\",\"events\":[null]} | events[0]",
        "{\"connection_id\":\"%s\",\"events\":\"run.failed\"} | events",
        "{\"connection_id\":\"%s\",\"events\":[\"run.failed\"],\"paht\":\"/x\"} | paht",
        "{\"connection_id\":\"%s\",\"events\":[\"run.failed\"],\"stopped\":\"x\"} | stopped",
        "{\"connection_id\":\"%s\",\"events\":[\"run.failed\"],\"path\":\"/a/../b\"} | path",
        "{\"connection_id\":\"%s\",\"events\":[\"run.failed\"],\"path\":\"/a b\"} | path",
        "{\"connection_id\":\"%s\",\"events\":[\"run.failed\"],\"path\":\"/a#b\"} | path",
        "{\"connection_id\":\"%s\",\"events\":[\"run.failed\"],\"path\":\"/{{job.customer}}\"} | path",
        "{\"connection_id\":\"%s\",\"events\":[\"run.failed\"],\"path\":\"/{{\"} | path",
        "{\"connection_id\":\"1-1-1-1-1\",\"events\":[\"run.failed\"]} | connection_id",
        "{\"connection_id\":\"01a20b6d-a327-7000-9428-3d92ba9e2cab\",\"events\":[\"run.failed\"]} | connection_id",
        "{\"events\":[\"run.failed\"]} | connection_id",
      })
  void whatIsWrongIsNamed(String body, String field) {
    put(body.replace("%s", api.rest()))
        .statusCode(400)
        .body("error", equalTo("validation_failed"))
        .body("details.fields", hasSize(1))
        .body("details.fields[0].field", equalTo(field));
    get().body("$", anEmptyMap());
  }

  @Test
  void onlyConnectionsOfItsOwnThatTakeSuchABodyCarryNotices() {
    for (String other : List.of(api.twilio(), api.sendgrid(), Api.fresh().rest())) {
      put(settings(other, "/x", List.of("run.failed")))
          .statusCode(400)
          .body("details.fields.field", equalTo(List.of("connection_id")));
    }
    for (String method : List.of("GET", "PUT")) {
      given()
          .contentType("application/json")
          .header("Authorization", "Bearer " + Jwts.person(api.tenant(), "operator"))
          .body("{}")
          .request(method, NOTICES)
          .then()
          .statusCode(403);
    }
  }

  @Test
  void aPauseIsToldOnceSignedAndUncharged() {
    String carrier = carrier("/alerts?of={{transition.event_type}}", ALL);
    String connection = api.rest();
    status(connection, "paused");
    JsonPath notice = notice("/alerts", 1);
    assertThat(notice.getString("type")).isEqualTo("connection.paused");
    assertThat(notice.getString("timestamp")).matches("\\d{4}-\\d\\d-\\d\\dT[0-9:]{8}\\.\\d{3}Z");
    assertThat(notice.getMap("data"))
        .containsEntry("connection_id", connection)
        .containsEntry("provider", "generic_rest")
        .containsEntry("host", "127.0.0.1")
        .containsEntry("count", 1)
        .containsEntry("since", notice.getString("timestamp"))
        .containsEntry("reason", "manual")
        .containsOnlyKeys(
            "connection_id", "connection_name", "provider", "host", "count", "since", "reason");
    Arrival arrival = arrived("/alerts").get(0);
    assertThat(arrival.path()).endsWith("/alerts?of=connection.paused");
    assertThat(arrival.method()).isEqualTo("POST");
    assertThat(arrival.header("X-fastyoke-event")).isEqualTo("connection.paused");
    settled();
    List<Map<String, Object>> logged = api.events("job_id=notice:" + connection);
    assertThat(logged).hasSize(1);
    assertThat(logged.get(0))
        .containsEntry("event_type", "NOTICE")
        .containsEntry("outcome", "success")
        .containsEntry("connection_id", carrier)
        .containsEntry("transition_event_type", "connection.paused")
        .containsEntry("actor", "system");
    assertThat(api.charged()).isZero();
    api.as()
        .get("/api/v1/tenant/event-log/summary")
        .then()
        .body("webhooks.succeeded", equalTo(0))
        .body("webhooks.last", nullValue());
    status(connection, "paused");
    status(connection, "active");
    assertThat(ofType("connection.resumed").getString("data.reason")).isEqualTo("manual");
  }

  /** Not at the next event, but when the time has come. */
  @Test
  void whatHappensWithinFiveMinutesIsToldTogetherWhenTheyAreOver() {
    carrier("/alerts", List.of("connection.paused"));
    String connection = api.rest();
    String other = api.rest();
    for (String each : List.of(connection, connection, connection, connection, other)) {
      status(each, "paused");
      eventually("told", () -> pending("due_at <= now() OR telling IS NOT NULL") == 0);
      status(each, "active");
    }
    eventually("two are told at once", () -> arrived("/alerts").size() == 2);
    assertThat(pending("due_at > now() + interval '4 minutes' AND count = 3")).isEqualTo(1);
    later();
    JsonPath notice = notice("/alerts", 3);
    assertThat(notice.getString("data.connection_id")).isEqualTo(connection);
    assertThat(notice.getInt("data.count")).isEqualTo(3);
    assertThat(notice.getString("data.since")).isLessThan(notice.getString("timestamp"));
    settled();
    assertThat(arrived("/alerts")).hasSize(3);
  }

  private static Map<String, Object> refused(String connection) {
    return Api.action(connection, "/status/404");
  }

  /** Fires a run that fails; its id. */
  private String fails(Map<String, Object>... actions) {
    return api.fire(actions).then().body("status", equalTo("failed")).extract().path("id");
  }

  @Test
  void failingConnectionsAndFailedRunsAreTold() {
    carrier("/alerts", ALL);
    String connection = api.rest();
    api.settings(connection, Map.of("pause_after_failures", 4));
    fails(Api.action(connection, "/fine"), Api.action(api.rest(), "/fine"), refused(connection));
    JsonPath first = ofType("run.failed");
    assertThat(first.getString("data.connection_id")).isEqualTo(connection);
    assertThat(first.getInt("data.action_index")).isEqualTo(2);
    fails(refused(connection));
    fails(Api.action(connection, "/fine"), refused(connection));
    fails(refused(connection));
    // A success came between the failures.
    assertThat(pending("type = 'connection.failing'")).isZero();
    fails(refused(connection));
    String run = fails(refused(connection));
    JsonPath failing = ofType("connection.failing");
    assertThat(failing.getString("data.connection_id")).isEqualTo(connection);
    assertThat(failing.getString("data.error_code")).isEqualTo("http_status");
    assertThat(ofType("connection.paused").getString("data.reason")).isEqualTo("failures");
    assertThat(pending("type = 'run.failed' AND count = 5")).isEqualTo(1);
    later();
    eventually(
        "the others are told",
        () -> arrived("/alerts").stream().filter(of("run.failed")).count() == 2);
    Arrival last = arrived("/alerts").stream().filter(of("run.failed")).toList().get(1);
    JsonPath others = new JsonPath(last.body());
    assertThat(others.getInt("data.count")).isEqualTo(5);
    assertThat(others.getString("data.run_id")).isEqualTo(run);
    assertThat(others.getInt("data.action_index")).isZero();
    assertThat(others.getString("data.error_code")).isEqualTo("http_status");
  }

  @Test
  void whatCannotBeReadAndWhatIsNotThereIsTold() {
    carrier("/alerts", List.of("credential.unreadable", "run.failed"));
    String connection = api.rest();
    sql.execute(
        "UPDATE connections SET credentials = set_byte(credentials, 30, 255 - get_byte(credentials, 30)) WHERE id = '"
            + connection
            + "'");
    String run = api.fire(Api.action(connection, "/x")).path("id");
    assertThat(ofType("credential.unreadable").getString("data.run_id")).isEqualTo(run);
    assertThat(ofType("run.failed").getString("data.error_code"))
        .isEqualTo("credential_unreadable");
    api.fire(Api.action("x", "/x"));
    eventually("it is told", () -> arrived("/alerts").size() == 3);
    for (int i = 0; i < 2; i++) {
      api.fire(Api.action(UUID.randomUUID().toString(), "/x"));
    }
    JsonPath notice = new JsonPath(arrived("/alerts").get(2).body());
    assertThat(notice.getString("data.connection_id")).isNull();
    assertThat(notice.getString("data.error_code")).isEqualTo("connection_not_found");
    assertThat(pending("count = 2")).isEqualTo(1);
  }

  /** Whatever becomes of a notice, and of the connection that carries it. */
  @Test
  void nothingIsToldAboutANotice() {
    String carrier = api.rest();
    api.settings(carrier, Map.of("pause_after_failures", 1));
    put(settings(carrier, "/alerts/status/404", ALL)).statusCode(200);
    String connection = api.rest();
    status(connection, "paused");
    eventually(
        "the notice has failed", () -> api.events("event_type=NOTICE&outcome=failure").size() == 1);
    settled();
    api.as().get(Api.CONNECTIONS + "/" + carrier).then().body("status", equalTo("paused"));
    status(carrier, "active");
    status(carrier, "paused");
    status(connection, "active");
    settled();
    // The second notice meets a paused connection.
    assertThat(api.events("event_type=NOTICE&outcome=failure")).hasSize(2);
    assertThat(pending("true")).isEqualTo(2);
    assertThat(pending("about = '" + carrier + "'")).isZero();
    assertThat(api.charged()).isZero();
    // What else fails at it is told, once it carries something again.
    status(carrier, "active");
    put(settings(carrier, "/alerts", ALL)).statusCode(200);
    api.fire(Api.action(carrier, "/status/404"));
    eventually("it is counted", () -> pending("type = 'run.failed'") == 1);
    status(carrier, "active");
    settled();
    assertThat(pending("about = '" + carrier + "'")).isEqualTo(1);
    // Fired again, it is a notice still.
    String failed = (String) api.events("event_type=NOTICE&outcome=failure").get(0).get("run_id");
    String again = api.as().post(Api.RUNS + "/" + failed + "/replay").path("id");
    assertThat(api.finished(again).getString("status")).isEqualTo("failed");
    assertThat(api.events("run_id=" + again).get(0)).containsEntry("event_type", "NOTICE");
    assertThat(api.charged()).isEqualTo(1);
  }

  @Test
  void aNoticeIsTriedAgain() {
    carrier("/alerts/status/503", List.of("connection.paused"));
    String connection = api.rest();
    status(connection, "paused");
    for (int attempt = 1; attempt <= 10; attempt++) {
      int attempts = attempt;
      eventually("attempt " + attempts, () -> arrived("/alerts").size() >= attempts);
      eventually(
          "it waits, or has ended",
          () -> api.events("job_id=notice:" + connection).size() == attempts);
      sql.execute(
          "UPDATE action_runs SET due_at = now() WHERE tenant_id = '%s' AND finished_at IS NULL"
              .formatted(api.tenant()));
    }
    settled();
    assertThat(arrived("/alerts")).hasSize(10);
    assertThat(
            arrived("/alerts").stream()
                .map(arrival -> arrival.header("X-fastyoke-delivery"))
                .distinct())
        .hasSize(1);
  }

  @Test
  void withoutItsConnectionNothingIsToldAndThatIsSaid() {
    String carrier = carrier("/alerts", ALL);
    get().body("stopped", nullValue());
    api.as().delete(Api.CONNECTIONS + "/" + carrier).then().statusCode(204);
    get().body("stopped", equalTo("connection_deleted")).body("connection_id", equalTo(carrier));
    String connection = api.rest();
    status(connection, "paused");
    settled();
    assertThat(api.events("event_type=NOTICE")).isEmpty();
    String other = carrier("/alerts", ALL);
    get().body("stopped", nullValue()).body("connection_id", equalTo(other));
    status(connection, "active");
    assertThat(ofType("connection.resumed").getInt("data.count")).isEqualTo(1);
    assertThat(arrived("/alerts")).hasSize(1);
  }

  @Test
  void whatIsNotAskedForIsNotCounted() {
    String carrier = carrier("/alerts", List.of("connection.resumed"));
    String connection = api.rest();
    status(connection, "paused");
    api.fire(Api.action(connection, "/x"));
    assertThat(pending("true")).isZero();
    put("{}").statusCode(200);
    status(connection, "active");
    assertThat(pending("true")).isZero();
    assertThat(carrier).isNotEmpty();
  }

  /** Names are data: what looks like a placeholder in them is not one. */
  @Test
  void namesAreNotExpanded() {
    carrier("/alerts", List.of("connection.paused"));
    String connection = api.rest();
    String name = "{{tenant.id}} \"q\" \\ {{ " + UUID.randomUUID();
    api.as()
        .body(Map.of("connection_name", name))
        .patch(Api.CONNECTIONS + "/" + connection)
        .then()
        .statusCode(200);
    status(connection, "paused");
    assertThat(notice("/alerts", 1).getString("data.connection_name")).isEqualTo(name);
  }
}
