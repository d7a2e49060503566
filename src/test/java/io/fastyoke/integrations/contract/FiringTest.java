package io.fastyoke.integrations.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;

import io.fastyoke.integrations.contract.Receiver.Arrival;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@QuarkusTest
@QuarkusTestResource(TestPostgres.class)
class FiringTest {
  private final Api api = Api.fresh();

  private List<Arrival> arrivals() {
    return TestPostgres.receiver().at(api.tenant());
  }

  @Test
  void deliversOnceAndChargesOnce() {
    Response run = api.fire(Api.action(api.rest(), "/hooks/{{job.id}}"));
    run.then().statusCode(200).body("status", equalTo("succeeded"));
    assertThat(arrivals()).hasSize(1);
    Arrival arrival = arrivals().get(0);
    assertThat(arrival.header("Authorization")).isEqualTo("Bearer " + Api.SECRET);
    assertThat(arrival.header("X-fastyoke-event")).isEqualTo("start");
    assertThat(arrival.header("X-fastyoke-delivery"))
        .isEqualTo(run.jsonPath().getString("actions[0].delivery_id"));
    assertThat(arrival.body())
        .isEqualTo("{\"job\":\"" + run.jsonPath().getString("job_id") + "\"}");
    assertThat(api.charged()).isEqualTo(1);
  }

  @Test
  void signsInByPartsOfTheCredentialAndShowsNone() {
    String connection =
        api.create(
                "generic_rest",
                Map.of(
                    "base_url", TestPostgres.receiver().url() + "/" + api.tenant(),
                    "basic", Map.of("username", "fastyoke", "password", "p4ss:w\u00f6rd"),
                    "query", Map.of("api key", "qu3ry&value")))
            .then()
            .statusCode(201)
            .extract()
            .path("id");
    Map<String, Object> action = Api.action(connection, "/status/404?of={{job.id}}");
    Response run = api.fire(action);
    String job = run.jsonPath().getString("job_id");
    Arrival arrival = arrivals().get(0);
    assertThat(arrival.path())
        .isEqualTo("/" + api.tenant() + "/status/404?of=" + job + "&api%20key=qu3ry%26value");
    // of "fastyoke:p4ss:wörd" in UTF-8
    assertThat(arrival.header("Authorization")).isEqualTo("Basic ZmFzdHlva2U6cDRzczp3w7ZyZA==");
    String shown =
        TestPostgres.receiver().url() + "/\u2026/status/404?of=" + job + "&api%20key=[redacted]";
    Map<String, Object> event = api.events("job_id=" + job).get(0);
    assertThat(event.get("request")).isEqualTo(Map.of("method", "POST", "url", shown));
    assertThat(event.get("response_body")).isEqualTo("{\"you_sent\":\"[redacted]\"}");
    api.as()
        .get(Api.RUNS + "/" + run.jsonPath().getString("id") + "/requests")
        .then()
        .body("actions[0].url", equalTo(shown))
        .body("actions[0].headers.Authorization", equalTo("[redacted]"));
  }

  @Test
  void stopsAtAFailureAndSkipsTheRest() {
    String rest = api.rest();
    api.fire(Api.action(rest, "/a"), Api.action(rest, "/status/500"), Api.action(rest, "/c"))
        .then()
        .body("status", equalTo("failed"))
        .body("actions.status", contains("succeeded", "failed", "skipped"))
        .body("actions[1].error.code", equalTo("http_status"));
    assertThat(arrivals()).hasSize(2);
    assertThat(api.charged()).isEqualTo(2);
  }

  @Test
  void goesOnAfterAFailureWhenTold() {
    String rest = api.rest();
    api.fire(
            Api.with(Api.action(rest, "/status/404"), "continue_on_failure", true),
            Api.action(rest, "/b"))
        .then()
        .body("actions.status", contains("failed", "succeeded"));
  }

  @Test
  void retriesWithOneDeliveryIdAndOneCharge() {
    Map<String, Object> retry = Map.of("max_attempts", 3, "backoff_ms", 1);
    Response run = api.fire(Api.with(Api.action(api.rest(), "/status/503"), "retry", retry));
    run.then().body("actions[0].attempts", equalTo(3)).body("status", equalTo("failed"));
    assertThat(arrivals()).hasSize(3);
    assertThat(arrivals().stream().map(a -> a.header("X-fastyoke-delivery")).distinct()).hasSize(1);
    assertThat(arrivals().stream().map(a -> a.header("X-fastyoke-attempt")))
        .containsExactly("1", "2", "3");
    assertThat(api.charged()).isEqualTo(1);
    assertThat(api.events("run_id=" + run.jsonPath().getString("id"))).hasSize(3);
  }

  @Test
  void neverRepeatsAnSmsWhoseOutcomeIsUnknown() {
    Map<String, Object> retry = Map.of("max_attempts", 5, "backoff_ms", 1);
    api.fire(Api.with(Api.action(api.twilio(), "/status/500"), "retry", retry))
        .then()
        .body("actions[0].attempts", equalTo(1))
        .body("actions[0].error.code", equalTo("outcome_unknown"));
    assertThat(api.charged()).isEqualTo(1);
  }

  @Test
  void repeatsAnSmsThatWasRefusedForItsRate() {
    Map<String, Object> retry = Map.of("max_attempts", 2, "backoff_ms", 1);
    api.fire(Api.with(Api.action(api.twilio(), "/status/429"), "retry", retry))
        .then()
        .body("actions[0].attempts", equalTo(2));
    assertThat(api.charged()).isEqualTo(1);
  }

  /** What each provider's refusals mean: for good, for now, or maybe done all the same. */
  @ParameterizedTest
  @CsvSource({
    "twilio, 400, http_status, 1",
    "twilio, 401, http_status, 1",
    "twilio, 403, http_status, 1",
    "twilio, 404, http_status, 1",
    "twilio, 429, http_status, 2",
    "twilio, 503, outcome_unknown, 1",
    "sendgrid, 400, http_status, 1",
    "sendgrid, 401, http_status, 1",
    "sendgrid, 403, http_status, 1",
    "sendgrid, 413, http_status, 1",
    "sendgrid, 429, http_status, 2",
    "sendgrid, 500, outcome_unknown, 1",
    "generic_rest, 400, http_status, 1",
    "generic_rest, 422, http_status, 1",
    "generic_rest, 429, http_status, 2",
    "generic_rest, 500, http_status, 2"
  })
  void mapsWhatProvidersAnswer(String provider, int status, String code, int attempts) {
    String connection =
        switch (provider) {
          case "twilio" -> api.twilio();
          case "sendgrid" -> api.sendgrid();
          default -> api.rest();
        };
    Map<String, Object> retry = Map.of("max_attempts", 2, "backoff_ms", 1);
    api.fire(Api.with(Api.action(connection, "/status/" + status), "retry", retry))
        .then()
        .body("status", equalTo("failed"))
        .body("actions[0].error.code", equalTo(code))
        .body("actions[0].response_status", equalTo(status))
        .body("actions[0].attempts", equalTo(attempts));
    assertThat(api.events("event_type=WEBHOOK")).hasSize(attempts);
    assertThat(api.charged()).isEqualTo(1);
  }

  @Test
  void chargesNothingThatWasNotTried() {
    api.fire(Api.action(api.rest(), "/{{job.missing}}"))
        .then()
        .body("actions[0].error.code", equalTo("template_error"));
    api.fire(Api.action(UUID.randomUUID().toString(), "/x"))
        .then()
        .body("actions[0].error.code", equalTo("connection_not_found"));
    String paused = api.rest();
    api.as().body(Map.of("status", "paused")).patch(Api.CONNECTIONS + "/" + paused);
    api.fire(Api.action(paused, "/x"))
        .then()
        .body("actions[0].error.code", equalTo("connection_paused"));
    assertThat(arrivals()).isEmpty();
    assertThat(api.charged()).isZero();
  }

  @Test
  void pausesAConnectionWhoseReceiverIsGone() {
    String rest = api.rest();
    api.fire(Api.action(rest, "/status/410"));
    api.as().get(Api.CONNECTIONS + "/" + rest).then().body("status", equalTo("paused"));
  }

  @Test
  void keepsTheAnswerOfAFailureWithoutTheSecret() {
    api.fire(Api.action(api.rest(), "/status/401"));
    Map<String, Object> event = api.events("event_type=WEBHOOK").get(0);
    assertThat(event.get("response_status")).isEqualTo(401);
    assertThat((String) event.get("response_body"))
        .contains("you_sent", "[redacted]")
        .doesNotContain(Api.SECRET);
  }

  @Test
  void oneKeyIsOneRunHoweverManyAtOnce() {
    Map<String, Object> request = Api.run("j", List.of(Api.action(api.rest(), "/x")));
    Set<String> ids = ConcurrentHashMap.newKeySet();
    IntStream.range(0, 50)
        .parallel()
        .forEach(
            i ->
                ids.add(
                    api.as()
                        .header("Idempotency-Key", "k")
                        .header("Prefer", "wait=20")
                        .body(request)
                        .post(Api.RUNS)
                        .jsonPath()
                        .getString("id")));
    assertThat(ids).hasSize(1).doesNotContainNull();
    assertThat(arrivals()).hasSize(1);
    api.as()
        .header("Idempotency-Key", "k")
        .body(Api.run("other", List.of(Api.action(api.rest(), "/x"))))
        .post(Api.RUNS)
        .then()
        .statusCode(422)
        .body("error", equalTo("idempotency_key_reused"));
  }

  @Test
  void runsOfOneJobFireInOrder() {
    String rest = api.rest();
    String last = "";
    for (int i = 0; i < 20; i++) {
      Map<String, Object> retry = Map.of("max_attempts", 2, "backoff_ms", 20);
      String path = i % 3 == 0 ? "/status/503/" + i : "/ok/" + i;
      last =
          api.as()
              .body(Api.run("one", List.of(Api.with(Api.action(rest, path), "retry", retry))))
              .post(Api.RUNS)
              .jsonPath()
              .getString("id");
    }
    api.as()
        .header("Prefer", "wait=30")
        .body(Api.run("one", List.of(Api.action(rest, "/end"))))
        .post(Api.RUNS)
        .then()
        .body("status", equalTo("succeeded"));
    List<Integer> order =
        arrivals().stream()
            .map(Arrival::path)
            .filter(path -> !path.endsWith("/end"))
            .map(path -> Integer.valueOf(path.substring(path.lastIndexOf('/') + 1)))
            .toList();
    assertThat(order).isSorted().contains(0, 19);
    assertThat(last).isNotEmpty();
  }

  @Test
  void replaysWhatFailed() {
    String rest = api.rest();
    String id =
        api.fire(Api.action(rest, "/a"), Api.action(rest, "/status/500"), Api.action(rest, "/c"))
            .jsonPath()
            .getString("id");
    api.as()
        .body(Map.of("dry_run", true))
        .post(Api.RUNS + "/replay")
        .then()
        .statusCode(200)
        .body("count", equalTo(1));
    api.as()
        .header("Prefer", "wait=10")
        .post(Api.RUNS + "/" + id + "/replay")
        .then()
        .statusCode(200)
        .body("replay_of", equalTo(id))
        .body("actions.size()", equalTo(2));
    api.as()
        .post(Api.RUNS + "/" + id + "/cancel")
        .then()
        .statusCode(409)
        .body("error", equalTo("already_finished"));
  }

  @Test
  void cancelsWhatWaits() {
    Map<String, Object> retry = Map.of("max_attempts", 5, "backoff_ms", 3_600_000);
    String rest = api.rest();
    String id =
        api.as()
            .header("Prefer", "wait=1")
            .body(
                Api.run(
                    "c",
                    List.of(
                        Api.with(Api.action(rest, "/status/503"), "retry", retry),
                        Api.action(rest, "/b"))))
            .post(Api.RUNS)
            .jsonPath()
            .getString("id");
    api.as()
        .post(Api.RUNS + "/" + id + "/cancel")
        .then()
        .statusCode(200)
        .body("status", equalTo("cancelled"))
        .body("actions.status", contains("cancelled", "cancelled"));
  }

  @Test
  void showsWhatARunHasSentWithoutTheSecret() {
    String rest = api.rest();
    Response run = api.fire(Api.action(rest, "/a/{{job.id}}"), Api.action(rest, "/status/500"));
    Response shown = api.as().get(Api.RUNS + "/" + run.jsonPath().getString("id") + "/requests");
    shown
        .then()
        .statusCode(200)
        .body("actions.size()", equalTo(2))
        .body("actions[0].body.job", equalTo(run.jsonPath().getString("job_id")))
        .body(
            "actions[0].headers.X-FastYoke-Delivery",
            equalTo(arrivals().get(0).header("X-fastyoke-delivery")));
    String base = "/" + api.tenant();
    assertThat(arrivals().get(0).path()).startsWith(base);
    assertThat(shown.jsonPath().getString("actions[0].url"))
        .isEqualTo(
            TestPostgres.receiver().url()
                + "/\u2026"
                + arrivals().get(0).path().substring(base.length()));
    assertThat(shown.asString()).doesNotContain(Api.SECRET, base);
    assertThat(arrivals()).hasSize(2);
  }

  @Test
  void previewSendsNothing() {
    api.as()
        .body(Api.run("p", List.of(Api.action(api.rest(), "/p/{{job.id}}"))))
        .post(Api.RUNS + "/preview")
        .then()
        .statusCode(200)
        .body("actions[0].headers.Authorization", not(equalTo("Bearer " + Api.SECRET)))
        .body("actions[0].body.job", equalTo("p"));
    assertThat(arrivals()).isEmpty();
  }

  /** Or a token that may only read would be one that signs. */
  @Test
  void showsNoSignature() {
    String connection =
        api.create(
                "generic_rest",
                Map.of(
                    "base_url",
                    TestPostgres.receiver().url() + "/" + api.tenant(),
                    "signing_secret",
                    "whsec_" + Encodings.base64(Api.SECRET)))
            .then()
            .statusCode(201)
            .extract()
            .path("id");
    Map<String, Object> run = Api.run("s", List.of(Api.action(connection, "/s")));
    String id = api.as().body(run).post(Api.RUNS).then().statusCode(202).extract().path("id");
    for (Response shown :
        List.of(
            api.as().body(run).post(Api.RUNS + "/preview"),
            api.as().get(Api.RUNS + "/" + id + "/requests"))) {
      shown
          .then()
          .statusCode(200)
          .body("actions[0].headers.'X-FastYoke-Signature'", equalTo("[redacted]"))
          .body("actions[0].headers.webhook-signature", equalTo("[redacted]"))
          .body("actions[0].headers.webhook-id", not(equalTo("[redacted]")));
    }
  }
}
