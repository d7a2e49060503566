package io.fastyoke.integrations.contract;

import static io.restassured.RestAssured.given;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.restassured.response.Response;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** The description that the service gives of itself, and how an answer is held against it. */
final class Document {
  static final ObjectMapper JSON = new ObjectMapper();

  /** Those that mean something beyond the body. */
  private static final List<String> HEADERS =
      List.of(
          "Location",
          "ETag",
          "Link",
          "Retry-After",
          "Idempotent-Replayed",
          "Preference-Applied",
          "WWW-Authenticate");

  /** One method of one path. */
  record Operation(String method, String path, JsonNode node, List<JsonNode> parameters) {
    String id() {
      return node.path("operationId").asText();
    }

    boolean takesId() {
      return path.contains("{id}");
    }

    boolean takesBody() {
      return node.has("requestBody");
    }

    boolean mayHaveBody() {
      return !method.equals("GET");
    }

    boolean isPlatform() {
      return path.startsWith("/api/v1/super/");
    }

    @Override
    public String toString() {
      return method + " " + path;
    }
  }

  private final JsonNode root;
  private final Shapes shapes;

  private Document(JsonNode root) {
    this.root = root;
    this.shapes = new Shapes(root);
  }

  /** As anybody gets it. */
  static Document served() {
    String text = given().get("/q/openapi?format=json").then().statusCode(200).extract().asString();
    return new Document(parse(text));
  }

  static JsonNode parse(String text) {
    try {
      return JSON.readTree(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  JsonNode root() {
    return root;
  }

  Shapes shapes() {
    return shapes;
  }

  /** Those of the API; what lies under /q is the framework's. */
  List<Operation> operations() {
    List<Operation> all = new ArrayList<>();
    root.path("paths")
        .fields()
        .forEachRemaining(
            path ->
                (path.getKey().startsWith("/api/") ? path.getValue() : MissingNode.getInstance())
                    .fields()
                    .forEachRemaining(
                        method -> {
                          if (!method.getKey().equals("parameters")) {
                            all.add(operation(path.getKey(), path.getValue(), method));
                          }
                        }));
    return all;
  }

  Operation operation(String id) {
    return operations().stream().filter(o -> o.id().equals(id)).findFirst().orElseThrow();
  }

  private Operation operation(String path, JsonNode shared, Map.Entry<String, JsonNode> method) {
    List<JsonNode> parameters = new ArrayList<>();
    shared.path("parameters").forEach(p -> parameters.add(shapes.resolve(p)));
    method.getValue().path("parameters").forEach(p -> parameters.add(shapes.resolve(p)));
    return new Operation(
        method.getKey().toUpperCase(Locale.ROOT), path, method.getValue(), parameters);
  }

  /** The documented responses by status. */
  Map<String, JsonNode> responses(Operation operation) {
    Map<String, JsonNode> all = new TreeMap<>();
    operation
        .node()
        .path("responses")
        .fields()
        .forEachRemaining(entry -> all.put(entry.getKey(), shapes.resolve(entry.getValue())));
    return all;
  }

  /** The JSON content of a request or a response; missing when it has none. */
  static JsonNode content(JsonNode message) {
    return message.path("content").path("application/json");
  }

  /** All examples of a content by name. */
  Map<String, JsonNode> examples(JsonNode content) {
    Map<String, JsonNode> all = new TreeMap<>();
    if (content.has("example")) {
      all.put("example", content.get("example"));
    }
    content
        .path("examples")
        .fields()
        .forEachRemaining(
            entry -> all.put(entry.getKey(), shapes.resolve(entry.getValue()).path("value")));
    return all;
  }

  /** What is in this answer and not in the description, or the other way round. */
  List<String> problems(Operation operation, Response answer) {
    String status = String.valueOf(answer.statusCode());
    JsonNode response = responses(operation).get(status);
    if (response == null) {
      return List.of("the status " + status + " is not documented: " + answer.asString());
    }
    List<String> problems = new ArrayList<>();
    checkHeaders(response.path("headers"), answer, problems);
    JsonNode content = content(response);
    if (content.isMissingNode()) {
      if (!answer.asString().isEmpty()) {
        problems.add("a body is not documented for " + status);
      }
      return problems;
    }
    if (!answer.contentType().startsWith("application/json")) {
      problems.add("the content type is " + answer.contentType());
    }
    JsonNode body = parse(answer.asString());
    problems.addAll(shapes.problems(content.path("schema"), body));
    if (answer.statusCode() >= 400 && !examples(content).containsKey(body.path("error").asText())) {
      problems.add("the error " + body.path("error") + " has no example for " + status);
    }
    return problems;
  }

  private void checkHeaders(JsonNode documented, Response answer, List<String> problems) {
    for (String name : HEADERS) {
      JsonNode header = shapes.resolve(documented.path(name));
      String value = answer.header(name);
      if (value != null && header.isMissingNode()) {
        problems.add("the header " + name + " is not documented for " + answer.statusCode());
      } else if (value == null && header.path("required").asBoolean()) {
        problems.add("the header " + name + " is missing from " + answer.statusCode());
      }
    }
  }
}
