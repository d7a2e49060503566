package io.fastyoke.integrations.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fastyoke.integrations.contract.Document.Operation;
import io.fastyoke.integrations.templating.JsonTestSuite;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.io.ByteArrayOutputStream;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is wrong with a request is said in the envelope, by name, and changes nothing. */
@QuarkusTest
@QuarkusTestResource(TestPostgres.class)
class BadInputTest {
  private static final int MORE_THAN_THE_LIMIT = 1024 * 1024 + 1;

  private final SoftAssertions softly = new SoftAssertions();
  private Document document;
  private Scene scene;
  private String before;

  @BeforeEach
  void read() {
    document = Document.served();
    scene = Scene.fresh();
    before = everything();
  }

  @AfterEach
  void changesNothing() {
    softly.assertAll();
    assertThat(everything()).isEqualTo(before);
  }

  @Test
  void aBodyThatIsNoJson() {
    for (Operation operation : withBody()) {
      for (String body : List.of("{\"a\":", "nonsense", "{} {}", "{\"a\":1,\"a\":2}")) {
        refused(operation, json(operation).body(body), 400, "malformed_json", null);
      }
      refused(operation, json(operation).body("null"), 400, "malformed_json", null);
    }
  }

  /** A piece of a body is as good as the whole: what no parser takes is refused within others. */
  @Test
  void aBodyWithAPieceThatIsNoJson() {
    JsonTestSuite.cases().forEach(this::within);
  }

  private void within(JsonTestSuite.Case text) {
    String before =
        "{\"actions\":[{\"action_type\":\"WEBHOOK\",\"payload_template\":{\"connection_id\":\"%s\"}}],\"context\":{\"x\":"
            .formatted(scene.connection());
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.writeBytes(before.getBytes(UTF_8));
    body.writeBytes(text.text());
    body.writeBytes("}}".getBytes(UTF_8));
    Response answer = scene.api().as().body(body.toByteArray()).post(Api.RUNS + "/preview");
    String told = text + ": " + answer.asString();
    boolean unstorable = answer.asString().contains("must not contain NUL or half of a surrogate");
    boolean malformed = answer.asString().contains("\"malformed_json\"");
    boolean refused = answer.statusCode() == 400 && (malformed || unstorable);
    softly.assertThat(refused || answer.statusCode() == 200).as(told).isTrue();
    if (text.expected() != JsonTestSuite.Expected.EITHER) {
      boolean expected = text.expected() == JsonTestSuite.Expected.REFUSED;
      softly.assertThat(malformed).as(told).isEqualTo(expected);
    }
  }

  @Test
  void noBodyWhereOneIsNeeded() {
    for (Operation operation : withBody()) {
      if (operation.takesBody()) {
        refused(operation, json(operation), 400, "malformed_json", null);
      }
    }
  }

  @Test
  void aBodyThatIsNoObject() {
    for (Operation operation : withBody()) {
      for (String body : List.of("[]", "5", "\"text\"")) {
        refused(operation, json(operation).body(body), 400, "validation_failed", "body");
      }
    }
  }

  @Test
  void aFieldThatIsNotKnown() {
    for (Operation operation : withBody()) {
      refused(
          operation, json(operation).body("{\"dry_rum\":1}"), 400, "validation_failed", "dry_rum");
    }
  }

  @Test
  void aBodyOfAnotherType() {
    for (Operation operation : withBody()) {
      refused(
          operation,
          scene.as(operation).contentType("text/plain").body("{}"),
          415,
          "unsupported_media_type",
          null);
    }
  }

  @Test
  void aBodyThatIsTooLarge() {
    String large = "{\"a\":\"" + "x".repeat(MORE_THAN_THE_LIMIT) + "\"}";
    for (Operation operation : withBody()) {
      refused(operation, json(operation).body(large), 413, "payload_too_large", null);
    }
  }

  @Test
  void anAnswerInAnotherType() {
    for (Operation operation : document.operations()) {
      refused(
          operation, json(operation).accept("text/csv").body("{}"), 406, "not_acceptable", null);
    }
  }

  @Test
  void aQueryParameterThatIsNotValid() {
    for (Operation operation : document.operations()) {
      for (JsonNode parameter : operation.parameters()) {
        if (parameter.path("in").asText().equals("query")) {
          badQuery(operation, parameter);
        }
      }
    }
  }

  private void badQuery(Operation operation, JsonNode parameter) {
    String name = parameter.path("name").asText();
    JsonNode schema = document.shapes().resolve(parameter.path("schema"));
    boolean free = !schema.has("format") && !schema.has("enum") && !schema.has("minimum");
    List<String> bad =
        name.equals("tenant_id")
            ? List.of()
            : name.equals("cursor")
                ? List.of("x", "AAAA")
                : free ? List.of("%00") : List.of("nonsense", "-1", "201", "%00");
    for (String value : bad) {
      refused(
          operation, scene.as(operation), "?" + name + "=" + value, 400, "validation_failed", name);
    }
  }

  @Test
  void aTimeRangeThatEndsBeforeItBegins() {
    for (Operation operation : document.operations()) {
      if (operation.parameters().stream().anyMatch(p -> p.path("name").asText().equals("until"))) {
        refused(
            operation,
            scene.as(operation),
            "?since=2026-02-01T00:00:00Z&until=2026-01-01T00:00:00Z",
            400,
            "validation_failed",
            "until");
      }
    }
  }

  @Test
  void aMethodThatThePathDoesNotHave() {
    for (String path :
        document.operations().stream().map(Operation::path).collect(Collectors.toSet())) {
      Set<String> known =
          document.operations().stream()
              .filter(operation -> operation.path().equals(path))
              .map(Operation::method)
              .collect(Collectors.toSet());
      for (String method : List.of("PUT", "TRACE", "NONSENSE")) {
        if (known.contains(method)) {
          continue;
        }
        Operation any =
            document.operations().stream().filter(o -> o.path().equals(path)).findFirst().get();
        Response answer = scene.as(any).request(method, scene.address(any));
        softly.assertThat(answer.statusCode()).as("%s %s", method, path).isEqualTo(405);
        softly
            .assertThat(answer.asString())
            .as("%s %s", method, path)
            .contains("\"method_not_allowed\"");
        allows(known, answer, path);
      }
      allows(known, scene.api().as().options(path.replace("{id}", "x")), path);
    }
  }

  private void allows(Set<String> methods, Response answer, String path) {
    Set<String> expected = new HashSet<>(methods);
    expected.add("OPTIONS");
    if (methods.contains("GET")) {
      expected.add("HEAD");
    }
    softly
        .assertThat(String.valueOf(answer.header("Allow")).split(", "))
        .as(path)
        .containsExactlyInAnyOrderElementsOf(expected);
  }

  @Test
  void aPathThatIsNotThere() {
    for (String path :
        List.of("/api/v1/nonsense", "/api/v1/tenant/connections/a/b/c", "/nonsense")) {
      Response answer = scene.api().as().get(path);
      softly.assertThat(answer.statusCode()).as(path).isEqualTo(404);
      softly.assertThat(answer.asString()).as(path).contains("\"not_found\"");
    }
  }

  private List<Operation> withBody() {
    return document.operations().stream().filter(Operation::mayHaveBody).toList();
  }

  private RequestSpecification json(Operation operation) {
    return scene.as(operation).contentType("application/json");
  }

  private void refused(
      Operation operation, RequestSpecification request, int status, String error, String field) {
    refused(operation, request, "", status, error, field);
  }

  private void refused(
      Operation operation,
      RequestSpecification request,
      String query,
      int status,
      String error,
      String field) {
    Response answer = request.request(operation.method(), scene.address(operation) + query);
    String told = operation + query + ": " + answer.asString();
    softly.assertThat(answer.statusCode()).as(told).isEqualTo(status);
    softly.assertThat(answer.asString()).as(told).contains("\"error\":\"" + error + "\"");
    if (field != null) {
      softly.assertThat(answer.asString()).as(told).contains("\"field\":\"" + field + "\"");
    }
    softly.assertThat(document.problems(operation, answer)).as(told).isEmpty();
  }

  private String everything() {
    return scene.api().as().get(Api.CONNECTIONS).asString()
        + scene.api().as().get(Api.RUNS).asString()
        + scene.api().as().get("/api/v1/tenant/event-log").asString();
  }
}
