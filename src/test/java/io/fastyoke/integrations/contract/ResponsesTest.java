package io.fastyoke.integrations.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.nullValue;

import io.fastyoke.integrations.support.Sql;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers carry on: later actions of a run name what earlier ones were answered. */
@QuarkusTest
@QuarkusTestResource(TestPostgres.class)
class ResponsesTest {
  private static final Map<String, Object> WAITS =
      Map.of("max_attempts", 2, "backoff_ms", 3_600_000);

  private final Api api = Api.fresh();
  private String rest = "";

  @BeforeEach
  void connect() {
    rest = api.rest();
  }

  private Map<String, Object> action(String path, Object body) {
    return action(path, body, Map.of());
  }

  private Map<String, Object> action(String path, Object body, Map<String, String> headers) {
    return Map.of(
        "action_type",
        "WEBHOOK",
        "payload_template",
        Map.of("connection_id", rest, "path", path, "body", body, "headers", headers));
  }

  private Receiver.Arrival arrival(String path) {
    List<Receiver.Arrival> all = TestPostgres.receiver().at(api.tenant() + path);
    assertThat(all).isNotEmpty();
    return all.get(all.size() - 1);
  }

  private static String stored(String run) {
    return Sql.of(TestPostgres.server())
        .first("SELECT actions FROM action_runs WHERE id = '" + run + "'");
  }

  @Test
  void whatOneReceiverAnsweredIsDataForTheNext() {
    String raw =
        """
        {"job":{"id":"%s"},"actions":[
          {"action_type":"WEBHOOK","payload_template":{"connection_id":"%s","path":"/crm/echo",
            "body":{"id":12345678901234567890.10,"name":"a/b? \\"c\\" {{job.id}}","list":[{"k":true}]}}},
          {"action_type":"WEBHOOK","payload_template":{"connection_id":"%s",
            "path":"/sms/{{actions.0.response.body.name}}/{{actions.0.response.status}}",
            "headers":{"X-Seen":"{{actions.0.response.headers.x-request-id}}"},
            "body":{"id":"{{actions.0.response.body.id}}","k":"{{actions.0.response.body.list.0.k}}",
              "text":"new: {{actions.0.response.body.list}}","none":"{{actions.0.response.body.no?}}"}}}]}
        """
            .formatted(UUID.randomUUID() + "{{x}}", rest, rest);
    String job = JsonPath.from(raw).getString("job.id");
    api.as()
        .header("Prefer", "wait=20")
        .body(raw)
        .post(Api.RUNS)
        .then()
        .statusCode(200)
        .body("status", equalTo("succeeded"))
        .body("actions[0].response", nullValue());
    Receiver.Arrival sms = arrival("/sms/");
    assertThat(sms.body())
        .isEqualTo(
            "{\"id\":12345678901234567890.10,\"k\":true,\"text\":\"new: [{\\\"k\\\":true}]\",\"none\":null}");
    assertThat(sms.header("X-seen")).isEqualTo("req-7");
    assertThat(sms.path())
        .endsWith("/sms/a%2Fb%3F%20%22c%22%20" + job.replace("{{x}}", "%7B%7Bx%7D%7D") + "/200");
  }

  /** Also after a failure, from disk, and without what is secret. */
  @Test
  void aRetryReadsThemFromDiskAndSecretsAreNotInThem() {
    Map<String, Object> first =
        Api.with(action("/status/404", Map.of()), "continue_on_failure", true);
    Map<String, Object> second =
        action(
            "/two/status/503",
            Map.of(
                "said", "{{actions.0.response.body.you_sent}}",
                "with", "{{actions.0.response.status}}"));
    api.fire(first, Api.with(second, "retry", Map.of("max_attempts", 2, "backoff_ms", 1)))
        .then()
        .body("actions[1].attempts", equalTo(2));
    assertThat(TestPostgres.receiver().at(api.tenant() + "/two"))
        .hasSize(2)
        .allSatisfy(
            sent ->
                assertThat(sent.body())
                    .contains("[redacted]", "\"with\":404")
                    .doesNotContain(Api.SECRET));
  }

  @Test
  void theyAreKeptOnlyWhenNamedAndOnlyUntilTheRunIsFinished() {
    Map<String, Object> waiting =
        Api.with(
            action("/status/503", Map.of("x", "{{actions.1.response.body.x?}}")), "retry", WAITS);
    String run =
        api.as()
            .body(
                Api.run(
                    "job-" + UUID.randomUUID(),
                    List.of(
                        action("/a/echo", Map.of("x", "canary-a")),
                        action("/b/echo", Map.of("x", "canary-b")),
                        waiting)))
            .post(Api.RUNS)
            .path("id");
    io.fastyoke.integrations.support.Eventually.eventually(
        "it waits to try again", () -> stored(run).contains("retrying"));
    assertThat(stored(run)).contains("canary-b").doesNotContain("canary-a");
    assertThat(api.as().get(Api.RUNS + "/" + run).asString()).doesNotContain("canary-b");
    api.as()
        .get(Api.RUNS + "/" + run + "/requests")
        .then()
        .body("actions[2].body.x", equalTo("canary-b"))
        .body("actions[2].from_responses.size()", equalTo(0));
    api.as().post(Api.RUNS + "/" + run + "/cancel").then().statusCode(200);
    assertThat(stored(run)).doesNotContain("canary-b");
    api.as()
        .get(Api.RUNS + "/" + run + "/requests")
        .then()
        .body("actions[2].body.x", equalTo("[actions.1.response.body.x]"));
  }

  @ParameterizedTest
  @CsvSource({
    "path, /x/{{actions.1.response.status}}, actions[1].payload_template.path",
    "path, /x/{{actions.2.response.status?}}, actions[1].payload_template.path",
    "body, {{actions.7.response.body}}, actions[1].payload_template.body.deep.0",
    "headers, {{ actions.1.response.status }}, actions[1].payload_template.headers.X-A",
  })
  void whatIsNoEarlierActionIsRefused(String where, String text, String field) {
    Map<String, Object> second =
        switch (where) {
          case "path" -> action(text, Map.of());
          case "body" -> action("/x", Map.of("deep", List.of(text)));
          default -> action("/x", Map.of(), Map.of("X-A", text));
        };
    Map<String, Object> request =
        Api.run("j", List.of(action("/a", Map.of()), second, action("/c", Map.of())));
    for (String to : List.of(Api.RUNS, Api.RUNS + "/preview")) {
      api.as()
          .body(request)
          .post(to)
          .then()
          .statusCode(400)
          .body("error", equalTo("validation_failed"))
          .body("details.fields.field", hasItem(field));
    }
    assertThat(api.as().get(Api.RUNS).jsonPath().getList("$")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/a/large | actions.0.response.body.x | no JSON of at most 64 KiB",
        "/a/echo | actions.0.response.body.x | has no such value",
        "/a/echo | actions.0.response.headers.set-cookie | has no such value",
        "/{{job.no}} | actions.0.response.status | no answer",
      })
  void whatIsMissingIsATemplateErrorThatSaysWhy(String path, String variable, String why) {
    api.fire(
            Api.with(action(path, Map.of("y", 1)), "continue_on_failure", true),
            action("/b", Map.of("x", "{{" + variable + "}}")))
        .then()
        .body("actions[1].error.code", equalTo("template_error"))
        .body("actions[1].error.message", containsString(variable))
        .body("actions[1].error.message", containsString(why));
    api.fire(
            Api.with(action(path, Map.of("y", 1)), "continue_on_failure", true),
            action("/optional", Map.of("x", "{{" + variable + "?}}")))
        .then()
        .body("actions[1].status", equalTo("succeeded"));
    assertThat(arrival("/optional").body()).isEqualTo("{\"x\":null}");
  }

  @Test
  void aPreviewSaysWhereAValueWillComeFrom() {
    Map<String, Object> second =
        action(
            "/sms/{{actions.0.response.body.id}}",
            Map.of("id", "{{actions.0.response.body.id}}", "job", "{{job.id}}"));
    api.as()
        .body(Api.run("j", List.of(action("/a", Map.of()), second)))
        .post(Api.RUNS + "/preview")
        .then()
        .statusCode(200)
        .body("actions[1].error", nullValue())
        .body("actions[1].missing.size()", equalTo(0))
        .body("actions[1].from_responses", equalTo(List.of("actions.0.response.body.id")))
        .body("actions[1].body.id", equalTo("[actions.0.response.body.id]"))
        .body("actions[1].body.job", equalTo("j"))
        .body("actions[0].from_responses.size()", equalTo(0));
  }

  /** Neither a preview nor a run has what no answer can have. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "actions",
        "actions.0",
        "actions.0.responses",
        "actions.0.response.nope",
        "actions.0.response.status.x",
        "actions.0.response.headers.Content-Type",
        "actions.0.response.headers.set-cookie",
      })
  void whatNoAnswerHasIsMissingInAPreviewToo(String variable) {
    Map<String, Object> second =
        action("/b", Map.of("x", "{{" + variable + "}}", "kept", "{{actions.0.response.body.y}}"));
    Map<String, Object> request = Api.run("j", List.of(action("/a/echo", Map.of("y", 1)), second));
    api.as()
        .body(request)
        .post(Api.RUNS + "/preview")
        .then()
        .body("actions[1].error.code", equalTo("template_error"))
        .body("actions[1].missing", equalTo(List.of(variable)));
    api.as()
        .header("Prefer", "wait=20")
        .body(request)
        .post(Api.RUNS)
        .then()
        .body("actions[0].status", equalTo("succeeded"))
        .body("actions[1].error.code", equalTo("template_error"))
        .body("actions[1].error.message", containsString(variable));
  }

  /** The numbers in the templates stay those of the run that was fired. */
  @Test
  void aReplayHasTheAnswersOfWhatItRepeatsAndSaysWhichAreGone() {
    Map<String, Object> failing =
        Api.with(action("/status/404", Map.of()), "continue_on_failure", true);
    String run =
        api.fire(
                action("/a/echo", Map.of("x", 1)),
                failing,
                action(
                    "/mapped/status/500",
                    Map.of(
                        "s",
                        "{{actions.1.response.status}}",
                        "old",
                        "{{actions.0.response.body.x?}}")))
            .path("id");
    assertThat(arrival("/mapped").body()).contains("\"s\":404", "\"old\":1");
    String replay = replay(run).then().body("status", equalTo("failed")).extract().path("id");
    assertThat(arrival("/mapped").body()).contains("\"s\":404", "\"old\":null");
    replay(replay);
    assertThat(TestPostgres.receiver().at(api.tenant() + "/mapped")).hasSize(3);

    String gone =
        api.fire(
                action("/a/echo", Map.of("x", 1)),
                action("/gone/status/500", Map.of("x", "{{actions.0.response.body.x}}")))
            .path("id");
    String again =
        replay(gone)
            .then()
            .body("actions[0].error.code", equalTo("template_error"))
            .body("actions[0].error.message", containsString("until their run is finished"))
            .extract()
            .path("id");
    api.as()
        .get(Api.RUNS + "/" + again + "/requests")
        .then()
        .body("actions[0].error.message", containsString("until their run is finished"));
  }

  private io.restassured.response.Response replay(String run) {
    return api.as().header("Prefer", "wait=20").post(Api.RUNS + "/" + run + "/replay");
  }
}
