package io.fastyoke.integrations.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.nullValue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fastyoke.integrations.identity.Jwts;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What templates do on the wire, in the preview as in a run. */
@QuarkusTest
@QuarkusTestResource(TestPostgres.class)
class TemplatesOverHttpTest {
  private final Api api = Api.fresh();

  private static Map<String, Object> action(Map<String, Object> template) {
    return Map.of("action_type", "WEBHOOK", "payload_template", template);
  }

  private Map<String, Object> template(String name, Object value) {
    Map<String, Object> template = new HashMap<>(Map.of("connection_id", api.rest()));
    template.put(name, value);
    return template;
  }

  @ParameterizedTest
  @ValueSource(strings = {"body", "path", "headers"})
  void aMalformedPlaceholderIsATemplateErrorAndNotOurFault(String where) {
    Object value =
        switch (where) {
          case "body" -> Map.of("n", "{{job.s");
          case "path" -> "/a/{{";
          default -> Map.of("X-A", "{{}}");
        };
    Map<String, Object> action = action(template(where, value));
    api.as()
        .body(Api.run("j", List.of(action)))
        .post(Api.RUNS + "/preview")
        .then()
        .statusCode(200)
        .body("actions[0].error.code", equalTo("template_error"))
        .body("actions[0].missing", empty());
    String run =
        api.fire(action)
            .then()
            .body("actions[0].error.code", equalTo("template_error"))
            .extract()
            .path("id");
    api.as()
        .get(Api.RUNS + "/" + run + "/requests")
        .then()
        .statusCode(200)
        .body("actions[0].error.code", equalTo("template_error"))
        .body("actions[0].missing", empty());
  }

  /** The transition has committed: what is wrong with its template is for the event log. */
  @ParameterizedTest
  @CsvSource({
    "headers, Authorization",
    "headers, Host",
    "headers, Connection",
    "path, //x",
    "path, /a/../b",
    "path, /a#b",
    "path, /a/{{job.id",
    "path, /orders/{{job.up}}",
    "path, /orders/{{job.twice}}/x",
  })
  void aTemplateThatCanNeverBeSentIsAcceptedAndFails(String where, String what) {
    Object value = where.equals("headers") ? Map.of(what, "x") : what;
    Map<String, Object> request =
        Map.of(
            "job",
            Map.of("up", "../admin", "twice", "a%2f%252e%252E"),
            "actions",
            List.of(action(template(where, value))));
    api.as()
        .body(request)
        .post(Api.RUNS + "/preview")
        .then()
        .body("actions[0].error.code", equalTo("template_error"));
    api.as()
        .header("Prefer", "wait=20")
        .body(request)
        .post(Api.RUNS)
        .then()
        .statusCode(200)
        .body("status", equalTo("failed"))
        .body("actions[0].error.code", equalTo("template_error"));
    assertThat(TestPostgres.receiver().at(api.tenant())).isEmpty();
  }

  @Test
  void aPathIsJoinedWithOneSlashAndTextsKeepTheirStructure() {
    Map<String, Object> template = template("path", "hooks/{{job.n}}");
    template.put("body", Map.of("p", "C:\\jobs\\\\{{job.n}}", "v", "{\"1\":\"{{job.n}}\"}"));
    Map<String, Object> request =
        Map.of("job", Map.of("n", "a\",\"2\":\"b"), "actions", List.of(action(template)));
    String sent = "{\"p\":\"C:\\\\jobs\\\\a\\\",\\\"2\\\":\\\"b\",";
    String target = "/hooks/a%22%2C%222%22%3A%22b";

    JsonPath preview = api.as().body(request).post(Api.RUNS + "/preview").jsonPath();
    assertThat(preview.getString("actions[0].url")).endsWith(target);
    assertThat(preview.getString("actions[0].body.v"))
        .isEqualTo("{\"1\":\"a\\\",\\\"2\\\":\\\"b\"}");
    api.as()
        .header("Prefer", "wait=20")
        .body(request)
        .post(Api.RUNS)
        .then()
        .body("status", equalTo("succeeded"));
    Receiver.Arrival received = TestPostgres.receiver().at(api.tenant()).get(0);
    assertThat(received.path()).endsWith(target);
    assertThat(received.body()).contains(sent.substring(1, sent.length() - 1));
  }

  /** As Twilio reads it: form-encoded, and JSON inside of one parameter. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "Zoë \"Z\" O'Hara",
        "x\",\"2\":\"y",
        "x\"},{\"2\":\"y",
        "\\",
        "\\\"",
        "{}[],:\u2028\u0001",
        "two\r\nlines\tand &To=+1900",
        "{{job.secret}}",
        "1,\"2\":3",
      })
  void noValueAddsToContentVariablesThatAreText(String name) throws Exception {
    Map<String, Object> template = new HashMap<>();
    template.put("connection_id", api.twilio());
    template.put("path", "/" + api.tenant() + "/Messages.json");
    template.put(
        "body",
        Map.of(
            "To",
            "+15005550006",
            "ContentSid",
            "HX1",
            "ContentVariables",
            "{\"1\":\"{{job.name}}\", \"{{job.name}}\": {{job.name}}, \"n\": {\"a\": [\"<{{job.name}}>\"]}}"));
    Map<String, Object> request =
        Map.of("job", Map.of("name", name, "secret", "no"), "actions", List.of(action(template)));
    JsonPath preview = api.as().body(request).post(Api.RUNS + "/preview").jsonPath();
    assertThat(preview.getString("actions[0].error")).isNull();
    api.as()
        .header("Prefer", "wait=20")
        .body(request)
        .post(Api.RUNS)
        .then()
        .body("status", equalTo("succeeded"));
    String body = TestPostgres.receiver().at(api.tenant()).get(0).body();
    assertThat(preview.getString("actions[0].body")).isEqualTo(body);
    Map<String, String> form = form(body);
    assertThat(form).containsOnlyKeys("To", "ContentSid", "ContentVariables");
    assertThat(form).containsEntry("To", "+15005550006");
    Map<String, Object> expected = new HashMap<>();
    expected.put("1", name);
    expected.put(name, name);
    expected.put("n", Map.of("a", List.of("<" + name + ">")));
    assertThat(new ObjectMapper().readValue(form.get("ContentVariables"), Map.class))
        .isEqualTo(expected);
  }

  private static Map<String, String> form(String body) {
    Map<String, String> form = new HashMap<>();
    for (String parameter : body.split("&", -1)) {
      String[] pair = parameter.split("=", 2);
      String again =
          form.put(
              URLDecoder.decode(pair[0], StandardCharsets.UTF_8),
              URLDecoder.decode(pair[1], StandardCharsets.UTF_8));
      assertThat(again).isNull();
    }
    return form;
  }

  /** What Twilio says or dials is XML; a whole one may come from the workflow as it is. */
  @Test
  void noValueAddsToTwiml() {
    String name = "Zoë & \"co\"</Say><Dial>+1900</Dial><Say x='";
    String twiml = "<Response><Say voice=\"{{job.name}}\">Hello {{job.name}}</Say></Response>";
    Map<String, Object> template = new HashMap<>();
    template.put("connection_id", api.twilio());
    template.put("path", "/" + api.tenant() + "/Calls.json");
    template.put("body", Map.of("To", "+15005550006", "Twiml", twiml, "Body", "{{job.name}} <b>"));
    Map<String, Object> whole = new HashMap<>(template);
    whole.put("body", Map.of("Twiml", "{{job.twiml}}"));
    api.as()
        .header("Prefer", "wait=20")
        .body(
            Map.of(
                "job",
                Map.of("name", name, "twiml", "<Response/>"),
                "actions",
                List.of(action(template), action(whole))))
        .post(Api.RUNS)
        .then()
        .body("status", equalTo("succeeded"));
    List<Receiver.Arrival> arrived = TestPostgres.receiver().at(api.tenant());
    String escaped =
        "Zoë &amp; &quot;co&quot;&lt;/Say&gt;&lt;Dial&gt;+1900&lt;/Dial&gt;&lt;Say x=&apos;";
    assertThat(form(arrived.get(0).body()))
        .containsEntry("Twiml", twiml.replace("{{job.name}}", escaped))
        .containsEntry("Body", name + " <b>");
    assertThat(form(arrived.get(1).body())).containsEntry("Twiml", "<Response/>");
  }

  /** Substitutions and the like are JSON, and so is text that is given for what should be JSON. */
  @Test
  void noValueAddsToAMailOfSendgrid() throws Exception {
    String name = "x\"}],\"bcc\":[{\"email\":\"thief@example.com\"}],\r\nBcc: {{job.id}}\\";
    Map<String, Object> personalization =
        Map.of(
            "to", List.of(Map.of("email", "a@example.com", "name", "{{job.name}}")),
            "substitutions", Map.of("-name-", "{{job.name}}"),
            "dynamic_template_data", Map.of("name", "Dear {{job.name}}"),
            "custom_args", Map.of("meta", "{\"name\":\"{{job.name}}\"}"));
    Map<String, Object> template = new HashMap<>();
    template.put("connection_id", api.sendgrid());
    template.put("path", "/" + api.tenant() + "/mail/send");
    template.put("body", Map.of("personalizations", List.of(personalization)));
    api.as()
        .header("Prefer", "wait=20")
        .body(Map.of("job", Map.of("name", name), "actions", List.of(action(template))))
        .post(Api.RUNS)
        .then()
        .body("status", equalTo("succeeded"));
    JsonNode sent =
        new ObjectMapper()
            .readTree(TestPostgres.receiver().at(api.tenant()).get(0).body())
            .at("/personalizations/0");
    assertThat(sent).hasSize(4);
    assertThat(sent.at("/to")).hasSize(1);
    assertThat(sent.at("/to/0/name").asText()).isEqualTo(name);
    assertThat(sent.at("/substitutions/-name-").asText()).isEqualTo(name);
    assertThat(sent.at("/dynamic_template_data/name").asText()).isEqualTo("Dear " + name);
    assertThat(new ObjectMapper().readTree(sent.at("/custom_args/meta").asText()))
        .hasToString(new ObjectMapper().valueToTree(Map.of("name", name)).toString());
  }

  @Test
  void anActorWithoutAnEmailHasNone() {
    String token =
        Jwts.of(
            Jwts.claims(
                    "\"tenant_id\":\"%s\",\"scopes\":[\"workflow:execute\"]"
                        .formatted(api.tenant()))
                .replace("\"email\":\"u1@example.com\",", ""));
    Map<String, Object> action = action(template("body", Map.of("by", "{{actor.email}}")));
    io.restassured.RestAssured.given()
        .header("Authorization", "Bearer " + token)
        .contentType("application/json")
        .body(Api.run("j", List.of(action)))
        .post(Api.RUNS + "/preview")
        .then()
        .statusCode(200)
        .body("actions[0].error.code", equalTo("template_error"))
        .body("actions[0].missing", hasItem("actor.email"));
  }

  @Test
  void aBodyThatIsNullIsNone() {
    Map<String, Object> get = template("body", null);
    get.put("method", "GET");
    get.put("path", "/get");
    api.fire(action(get)).then().body("status", equalTo("succeeded"));
    assertThat(TestPostgres.receiver().at(api.tenant()).get(0).method()).isEqualTo("GET");
    assertThat(TestPostgres.receiver().at(api.tenant()).get(0).body()).isEmpty();
    Map<String, Object> sms = new HashMap<>(Map.of("connection_id", api.twilio(), "path", "/x"));
    sms.put("body", null);
    api.fire(action(sms)).then().body("status", equalTo("succeeded"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "job started | job started",
        "100% done | 100% done",
        "caf\u00e9 | caf%C3%A9",
        "a;b=c,d | a;b=c,d",
      })
  void theEventIsSentAsItIsWhereAHeaderCan(String event, String header) {
    api.as()
        .header("Prefer", "wait=20")
        .body(
            Map.of(
                "transition",
                Map.of("event_type", event),
                "actions",
                List.of(action(template("path", "/e")))))
        .post(Api.RUNS)
        .then()
        .statusCode(200);
    assertThat(TestPostgres.receiver().at(api.tenant()).get(0).header("X-fastyoke-event"))
        .isEqualTo(header);
  }

  @Test
  void anEventTooLongForAHeaderIsCut() {
    JsonPath preview =
        api.as()
            .body(
                Map.of(
                    "transition",
                    Map.of("event_type", "\u00e9".repeat(2_000)),
                    "actions",
                    List.of(action(template("path", "/e")))))
            .post(Api.RUNS + "/preview")
            .jsonPath();
    assertThat(preview.getString("actions[0].headers.'X-FastYoke-Event'"))
        .hasSizeBetween(1_000, 1_024)
        .endsWith("%A9");
  }

  @Test
  void aLargeAnswerToASuccessIsSaidToBeOne() {
    String run = api.fire(Api.action(api.rest(), "/large")).then().extract().path("id");
    Map<String, Object> event = api.events("run_id=" + run).get(0);
    assertThat(event).containsEntry("outcome", "success").containsEntry("response_status", 200);
    assertThat(event)
        .containsEntry("response_truncated", true)
        .containsEntry("response_body", null);
  }

  @Test
  void whatHasArrivedBeforeATimeoutIsKept() {
    String rest = api.rest();
    api.settings(rest, Map.of("timeout_ms", 500));
    String run =
        api.fire(Api.action(rest, "/status/503/half"))
            .then()
            .body("actions[0].error.code", equalTo("http_status"))
            .body("actions[0].response_status", equalTo(503))
            .extract()
            .path("id");
    Map<String, Object> event = api.events("run_id=" + run).get(0);
    assertThat(event)
        .containsEntry("response_status", 503)
        .containsEntry("response_body", "it began ")
        .containsEntry("response_truncated", true);
  }

  @Test
  void theLastOfASummaryIsTheFailureNotWhatItSkipped() {
    String rest = api.rest();
    api.as().get("/api/v1/tenant/event-log/summary").then().body("webhooks.last", nullValue());
    api.fire(Api.action(rest, "/status/500"), Api.action(rest, "/b"), Api.action(rest, "/c"));
    api.as()
        .get("/api/v1/tenant/event-log/summary")
        .then()
        .body("webhooks.skipped", equalTo(2))
        .body("webhooks.last.outcome", equalTo("failure"))
        .body("webhooks.last.action_index", equalTo(0));
  }
}
