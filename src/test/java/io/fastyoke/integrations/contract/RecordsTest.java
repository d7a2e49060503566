package io.fastyoke.integrations.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.fastyoke.integrations.identity.Jwts;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.path.json.JsonPath;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is written down of runs and connections, how it is found again, and how it is summed. */
@QuarkusTest
@QuarkusTestResource(TestPostgres.class)
class RecordsTest {
  private final Api api = Api.fresh();

  /** What support is asked about: the name that Twilio or SendGrid has for a message. */
  @Test
  void aDeliveryIsFoundByTheProvidersNameForIt() {
    Map<String, String> named = new java.util.TreeMap<>();
    for (String connection : List.of(api.twilio(), api.sendgrid())) {
      String id = "SM" + java.util.UUID.randomUUID().toString().replace("-", "");
      JsonPath run = api.fire(Api.action(connection, "/x/message/" + id)).jsonPath();
      assertThat(run.getString("actions[0].provider_message_id")).isEqualTo(id);
      assertThat(api.finished(run.getString("id")).getString("actions[0].provider_message_id"))
          .isEqualTo(id);
      named.put(run.getString("id"), id);
    }
    String other = api.fire(Api.action(api.rest(), "/x/message/SM1")).jsonPath().getString("id");
    assertThat(api.events("run_id=" + other).get(0)).containsEntry("provider_message_id", null);
    named.forEach(
        (run, id) ->
            assertThat(api.events("provider_message_id=" + id))
                .singleElement()
                .satisfies(
                    event ->
                        assertThat(event)
                            .containsEntry("run_id", run)
                            .containsEntry("provider_message_id", id)));
    assertThat(api.events("provider_message_id=SM1")).isEmpty();
    assertThat(Api.fresh().events("provider_message_id=" + named.values().iterator().next()))
        .isEmpty();
  }

  @Test
  void aRefusedMessageHasNoName() {
    api.fire(Api.action(api.twilio(), "/status/400/message/SM2"))
        .then()
        .body("actions[0].provider_message_id", org.hamcrest.Matchers.nullValue());
    assertThat(api.events("provider_message_id=SM2")).isEmpty();
  }

  @Test
  void anAttemptIsWrittenDownWithWhatWasSentAndWhatCameBack() {
    String rest = api.rest();
    String token =
        Jwts.of(
            Jwts.claims(
                "\"tenant_id\":\"%s\",\"role\":\"admin\",\"impersonated_by\":\"root\""
                    .formatted(api.tenant())));
    JsonPath run =
        RestAssured.given()
            .header("Authorization", "Bearer " + token)
            .header("Prefer", "wait=20")
            .contentType("application/json")
            .body(Api.run("j", List.of(Api.action(rest, "/status/404"), Api.action(rest, "/b"))))
            .post(Api.RUNS)
            .jsonPath();
    List<Map<String, Object>> events = api.events("event_type=WEBHOOK&job_id=j");
    assertThat(events).hasSize(2);
    Map<String, Object> tried = event(events, 0);
    assertThat(tried)
        .containsEntry("run_id", run.getString("id"))
        .containsEntry("job_id", "j")
        .containsEntry("delivery_id", run.getString("actions[0].delivery_id"))
        .containsEntry("connection_id", rest)
        .containsEntry("provider", "generic_rest")
        .containsEntry("transition_event_type", "start")
        .containsEntry("outcome", "failure")
        .containsEntry("attempt", 1)
        .containsEntry("response_status", 404)
        .containsEntry("response_truncated", false)
        .containsEntry("actor", "u1")
        .containsEntry("impersonated_by", "root")
        .containsEntry(
            "request",
            Map.of("method", "POST", "url", TestPostgres.receiver().url() + "/\u2026/status/404"));
    assertThat(tried.get("response_headers").toString()).contains("application/json");
    assertThat(((Map<?, ?>) tried.get("error")).get("code")).isEqualTo("http_status");
    assertThat((Integer) tried.get("duration_ms")).isBetween(0, 20_000);
    assertThat(Instant.parse((String) tried.get("timestamp")))
        .isAfter(Instant.now().minusSeconds(60));
    assertThat(event(events, 1))
        .containsEntry("outcome", "skipped")
        .containsEntry("attempt", null)
        .containsEntry("request", null)
        .containsEntry("response_status", null);
  }

  private static Map<String, Object> event(List<Map<String, Object>> events, int action) {
    return events.stream()
        .filter(event -> event.get("action_index").equals(action))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void theLifeOfAConnectionIsWrittenDown() {
    String id = api.rest();
    String path = Api.CONNECTIONS + "/" + id;
    api.as().body(Map.of("connection_name", "other")).patch(path).then().statusCode(200);
    api.as().post(path + "/test").then().statusCode(200);
    api.as().delete(path).then().statusCode(204);
    assertThat(api.events("connection_id=" + id))
        .extracting(event -> event.get("event_type"))
        .containsExactlyInAnyOrder(
            "CONNECTION_CREATED", "CONNECTION_UPDATED", "CONNECTION_TEST", "CONNECTION_DELETED");
    assertThat(api.charged()).isZero();
  }

  @Test
  void runsAndEventsAreFoundByWhatTheyAre() {
    String good = api.rest();
    String bad = api.twilio();
    String succeeded = api.fire(Api.action(good, "/x")).jsonPath().getString("id");
    JsonPath second = api.fire(Api.action(bad, "/status/400")).jsonPath();
    String failed = second.getString("id");
    String runs = Api.RUNS + "?";
    assertThat(ids(runs + "status=failed")).containsExactly(failed);
    assertThat(ids(runs + "status=succeeded")).containsExactly(succeeded);
    assertThat(ids(runs + "connection_id=" + good)).containsExactly(succeeded);
    assertThat(ids(runs + "job_id=" + second.getString("job_id"))).containsExactly(failed);
    String since = Instant.now().plus(1, ChronoUnit.HOURS).toString();
    assertThat(ids(runs + "since=" + since)).isEmpty();
    assertThat(ids(runs + "until=" + since)).containsExactlyInAnyOrder(succeeded, failed);
    for (String query :
        List.of("provider=twilio", "outcome=failure", "run_id=" + failed, "connection_id=" + bad)) {
      assertThat(api.events("event_type=WEBHOOK&" + query))
          .as(query)
          .extracting(event -> event.get("run_id"))
          .containsExactly(failed);
    }
  }

  private List<String> ids(String address) {
    return api.as().get(address).then().statusCode(200).extract().path("id");
  }

  @ParameterizedTest
  @ValueSource(strings = {"hour", "day", "month"})
  void chargesAreSummedByTimeAndByWhatWasFired(String bucket) {
    String before = start(bucket);
    String first = api.rest();
    String second = api.rest();
    String twilio = api.twilio();
    api.fire(Api.action(first, "/x"), Api.action(second, "/x"));
    api.fire(Api.action(first, "/status/500"));
    api.fire(Api.action(twilio, "/Messages.json"));
    List<Map<String, Object>> byProvider = usage("?bucket=" + bucket);
    assertThat(byProvider).extracting(row -> row.get("kind")).containsOnly("WebhookEgress");
    assertThat(byProvider)
        .extracting(row -> row.get("bucket"))
        .isSubsetOf(before, start(bucket))
        .isNotEmpty();
    assertThat(sum(byProvider, "provider", "generic_rest")).isEqualTo(3);
    assertThat(sum(byProvider, "provider", "twilio")).isEqualTo(1);
    List<Map<String, Object>> byConnection = usage("?group_by=connection&bucket=" + bucket);
    assertThat(sum(byConnection, "connection_id", first)).isEqualTo(2);
    assertThat(sum(byConnection, "connection_id", second)).isEqualTo(1);
    assertThat(sum(byConnection, "connection_id", twilio)).isEqualTo(1);
    assertThat(usage("?since=" + Instant.now().plus(1, ChronoUnit.HOURS))).isEmpty();
  }

  private List<Map<String, Object>> usage(String query) {
    return api.as().get("/api/v1/tenant/usage" + query).jsonPath().getList("$");
  }

  /** It may be midnight in the middle of the test. */
  private static int sum(List<Map<String, Object>> rows, String name, String value) {
    return rows.stream()
        .filter(row -> value.equals(row.get(name)))
        .mapToInt(row -> (Integer) row.get("count"))
        .sum();
  }

  /** Of the hour, day or month that it is. */
  private static String start(String bucket) {
    String now = Instant.now().toString();
    return switch (bucket) {
      case "hour" -> now.substring(0, 13) + ":00:00.000Z";
      case "day" -> now.substring(0, 10) + "T00:00:00.000Z";
      default -> now.substring(0, 7) + "-01T00:00:00.000Z";
    };
  }
}
