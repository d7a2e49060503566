package io.fastyoke.integrations.contract;

import static io.fastyoke.integrations.support.Eventually.pause;
import static io.restassured.RestAssured.given;

import io.fastyoke.integrations.identity.Jwts;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** The service as one tenant's admin sees it; a fresh tenant unless one is named. */
record Api(String tenant) {
  static final String CONNECTIONS = "/api/v1/tenant/connections";
  static final String RUNS = "/api/v1/tenant/action-runs";
  static final String SECRET = "s3cr3t-Token-that-nobody-may-see";

  static Api fresh() {
    return new Api("t-" + UUID.randomUUID());
  }

  RequestSpecification as() {
    return given()
        .header("Authorization", "Bearer " + Jwts.admin(tenant))
        .contentType("application/json");
  }

  Response create(String provider, Map<String, Object> credentials) {
    return as().body(
            Map.of(
                "provider", provider,
                "connection_name", provider + " " + UUID.randomUUID(),
                "credentials", credentials))
        .post(CONNECTIONS);
  }

  String rest() {
    return create(
            "generic_rest",
            Map.of(
                "base_url", TestPostgres.receiver().url() + "/" + tenant,
                "auth_header", "Bearer " + SECRET))
        .then()
        .statusCode(201)
        .extract()
        .path("id");
  }

  String twilio() {
    return create(
            "twilio", Map.of("account_sid", "AC" + "0a".repeat(16), "auth_token", SECRET.repeat(1)))
        .then()
        .statusCode(201)
        .extract()
        .path("id");
  }

  String sendgrid() {
    return create("sendgrid", Map.of("api_key", "SG." + SECRET))
        .then()
        .statusCode(201)
        .extract()
        .path("id");
  }

  static Map<String, Object> action(String connection, String path) {
    return Map.of(
        "action_type",
        "WEBHOOK",
        "payload_template",
        Map.of("connection_id", connection, "path", path, "body", Map.of("job", "{{job.id}}")));
  }

  static Map<String, Object> with(Map<String, Object> action, String name, Object value) {
    Map<String, Object> more = new java.util.HashMap<>(action);
    more.put(name, value);
    return more;
  }

  static Map<String, Object> run(String job, List<?> actions) {
    return Map.of(
        "job", Map.of("id", job), "transition", Map.of("event_type", "start"), "actions", actions);
  }

  /** Fires and waits for the end. */
  Response fire(Map<String, Object>... actions) {
    return as().header("Prefer", "wait=20")
        .body(run("job-" + UUID.randomUUID(), List.of(actions)))
        .post(RUNS);
  }

  /** The run once it is finished. */
  JsonPath finished(String run) {
    for (int look = 0; look < 600; look++) {
      JsonPath now = as().get(RUNS + "/" + run).jsonPath();
      if (now.getString("finished_at") != null) {
        return now;
      }
      pause(Duration.ofMillis(50));
    }
    throw new AssertionError("run " + run + " did not finish");
  }

  int charged() {
    List<Integer> counts = as().get("/api/v1/tenant/usage").jsonPath().getList("count");
    return counts.stream().mapToInt(Integer::intValue).sum();
  }

  List<Map<String, Object>> events(String query) {
    return as().get("/api/v1/tenant/event-log?" + query).jsonPath().getList("$");
  }

  /** Sets the settings of a connection, which replace those that it had. */
  void settings(String connection, Map<String, ?> settings) {
    as().body(Map.of("settings", settings))
        .patch(CONNECTIONS + "/" + connection)
        .then()
        .statusCode(200);
  }
}
