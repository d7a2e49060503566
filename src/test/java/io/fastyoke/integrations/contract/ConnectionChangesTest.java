package io.fastyoke.integrations.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.startsWith;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who changes a connection, under which conditions, and what the event log says about it. */
@QuarkusTest
@QuarkusTestResource(TestPostgres.class)
class ConnectionChangesTest {
  private final Api api = Api.fresh();

  private static String at(String connection) {
    return Api.CONNECTIONS + "/" + connection;
  }

  private List<Map<String, Object>> updates() {
    return api.events("event_type=CONNECTION_UPDATED");
  }

  @Test
  void aPatchWithoutAChangeChangesNothing() {
    String id = api.rest();
    Response before = api.as().get(at(id));
    String name = before.path("connection_name");
    for (Map<String, ?> patch :
        List.<Map<String, ?>>of(
            Map.of(),
            Map.of("connection_name", " " + name + " "),
            Map.of("status", "active"),
            Map.of("settings", Map.of()))) {
      Response after = api.as().body(patch).patch(at(id));
      assertThat(after.statusCode()).isEqualTo(200);
      assertThat(after.header("ETag")).isEqualTo(before.header("ETag"));
      assertThat(after.asString()).isEqualTo(before.asString());
    }
    assertThat(updates()).isEmpty();
    api.as().body(Map.of("status", "paused")).patch(at(id)).then().statusCode(200);
    assertThat(updates()).hasSize(1);
  }

  /** Or whoever may change an address could have the secret of the one before sent to it. */
  @Test
  void aNewAddressComesWithoutTheOldSecret() {
    String connection = api.rest();
    String path = Api.CONNECTIONS + "/" + connection;
    api.as().body(Map.of("connection_name", "Renamed")).patch(path).then().statusCode(200);
    api.fire(Api.action(connection, "/old")).then().body("status", equalTo("succeeded"));
    Map<String, String> address =
        Map.of("base_url", TestPostgres.receiver().url() + "/" + api.tenant() + "/other");
    api.as()
        .body(Map.of("credentials", address))
        .patch(path)
        .then()
        .statusCode(200)
        .body("host", equalTo("127.0.0.1"))
        .body("certificate_expires_at", org.hamcrest.Matchers.nullValue());
    api.fire(Api.action(connection, "/new")).then().body("status", equalTo("succeeded"));
    assertThat(TestPostgres.receiver().at(api.tenant()))
        .extracting(arrival -> arrival.header("Authorization"))
        .containsExactly("Bearer " + Api.SECRET, "");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "id",
        "provider",
        "key_id",
        "created_at",
        "created_by",
        "version",
        "last_outcome",
        "host"
      })
  void whatTheServiceSetsCannotBeSet(String field) {
    String path = Api.CONNECTIONS + "/" + api.rest();
    String before = api.as().get(path).asString();
    api.as()
        .body(Map.of(field, "x"))
        .patch(path)
        .then()
        .statusCode(400)
        .body("details.fields[0].field", equalTo(field));
    assertThat(api.as().get(path).asString()).isEqualTo(before);
  }

  @Test
  void aConditionThatSaysNothingMatchesNothing() {
    String id = api.rest();
    for (String condition : List.of("", "nonsense")) {
      api.as()
          .header("If-Match", condition)
          .body(Map.of("status", "paused"))
          .patch(at(id))
          .then()
          .statusCode(409)
          .body("error", equalTo("version_conflict"));
      api.as().header("If-Match", condition).delete(at(id)).then().statusCode(409);
    }
    api.as().get(at(id)).then().body("status", equalTo("active"));
  }

  @Test
  void severalLinesOfAConditionAreOneList() {
    String id = api.rest();
    String tag = api.as().get(at(id)).header("ETag");
    api.as()
        .header("If-Match", "\"99\"", tag)
        .body(Map.of("status", "paused"))
        .patch(at(id))
        .then()
        .statusCode(200);
  }

  @Test
  void anIdempotencyKeyIsGivenOnceAndSaysSomething() {
    Map<String, Object> run = Api.run("j", List.of(Api.action(api.rest(), "/x")));
    refusedKey(api.as().header("Idempotency-Key", "").body(run).post(Api.RUNS));
    refusedKey(api.as().header("Idempotency-Key", "a", "b").body(run).post(Api.RUNS));
    refusedKey(api.as().header("Idempotency-Key", "a", "a").body(run).post(Api.RUNS));
    refusedKey(
        api.as()
            .header("Idempotency-Key", "")
            .post(Api.RUNS + "/" + UUID.randomUUID() + "/replay"));
    assertThat(api.as().get(Api.RUNS).jsonPath().getList("$")).isEmpty();
  }

  private static void refusedKey(Response response) {
    response
        .then()
        .statusCode(400)
        .body("error", equalTo("validation_failed"))
        .body("details.fields[0].field", equalTo("Idempotency-Key"));
  }

  @Test
  void aPauseByTheServiceIsInTheEventLog() {
    String rest = api.rest();
    api.fire(Api.action(rest, "/status/410"));
    updatedBySystem(rest);
  }

  @Test
  void aPauseAfterFailuresIsInTheEventLogOnce() {
    String rest = api.rest();
    api.as()
        .body(Map.of("settings", Map.of("pause_after_failures", 2)))
        .patch(at(rest))
        .then()
        .statusCode(200);
    for (int i = 0; i < 3; i++) {
      api.fire(Api.action(rest, "/status/500"));
    }
    assertThat(updates()).hasSize(2);
    updatedBySystem(rest);
  }

  private void updatedBySystem(String connection) {
    api.as().get(at(connection)).then().body("status", equalTo("paused"));
    assertThat(updates().get(0))
        .containsEntry("actor", "system")
        .containsEntry("connection_id", connection)
        .containsEntry("provider", "generic_rest")
        .containsEntry("outcome", "success");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://127.1/",
        "https://0x7f.1/",
        "https://0x7f000001/",
        "https://2130706433/",
        "https://0177.0.0.1:8443/x",
        "https://10.0x1/",
        "https://127.0.0.1./"
      })
  void anAddressInAnySpellingIsBlocked(String url) {
    api.create("generic_rest", Map.of("base_url", url))
        .then()
        .statusCode(400)
        .body("error", equalTo("blocked_address"))
        .body("details.fields[0].field", equalTo("credentials.base_url"));
  }

  /** Whatever the collation of the database, which may know ASCII only. */
  @ParameterizedTest
  @CsvSource({
    "Billing, BILLING",
    "\u00c4rger, \u00e4RGER",
    "\u0416\u0443\u043a, \u0436\u0423\u041a"
  })
  void aNameIsUniqueIgnoringCase(String name, String other) {
    String id = api.rest();
    api.as().body(Map.of("connection_name", name)).patch(at(id)).then().statusCode(200);
    api.as()
        .body(Map.of("connection_name", other))
        .patch(at(api.rest()))
        .then()
        .statusCode(409)
        .body("error", equalTo("connection_name_taken"));
    api.as().body(Map.of("connection_name", other)).patch(at(id)).then().statusCode(200);
    assertThat(api.as().get(Api.CONNECTIONS + "?q=" + name).jsonPath().getList("id"))
        .containsExactly(id);
  }

  @Test
  void schemeAndHostMayBeInCapitals() {
    String url =
        TestPostgres.receiver().url().replace("http", "HTTP").replace("127.0.0.1", "LOCALHOST");
    String id =
        api.create("generic_rest", Map.of("base_url", url + "/" + api.tenant() + "/Case"))
            .then()
            .statusCode(201)
            .extract()
            .path("id");
    String run = api.fire(Api.action(id, "/x")).then().extract().path("id");
    assertThat(TestPostgres.receiver().at(api.tenant()).get(0).path()).endsWith("/Case/x");
    assertThat(api.events("run_id=" + run).get(0).get("request").toString())
        .contains("http://localhost:");
    api.create("generic_rest", Map.of("base_url", "ftp://example.com/"))
        .then()
        .statusCode(400)
        .body("details.fields[0].message", startsWith("must be an absolute https address"));
  }
}
