package io.fastyoke.integrations.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fastyoke.integrations.contract.Document.Operation;
import io.fastyoke.integrations.errors.ErrorCode;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;
import java.io.File;
import java.io.IOException;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The description of the API is complete and true. */
@QuarkusTest
@QuarkusTestResource(TestPostgres.class)
class OpenApiTest {
  private static final Set<String> ALWAYS =
      Set.of("400", "401", "403", "406", "414", "431", "500", "503");
  private static final Set<String> WITH_BODY = Set.of("408", "413", "415");

  private final SoftAssertions softly = new SoftAssertions();
  private Document document;

  @BeforeEach
  void read() {
    document = Document.served();
  }

  @Test
  void namesExactlyTheEndpointsThatThereAre() throws IOException {
    assertThat(document.operations().stream().map(Operation::toString))
        .containsExactlyInAnyOrderElementsOf(endpoints());
  }

  @Test
  void saysWhoMayCallAndWhichVersionThisIs() {
    assertThat(document.root().at("/info/version").asText()).matches("\\d+\\.\\d+\\.\\d+.*");
    assertThat(document.root().at("/info/license/identifier").asText()).isEqualTo("Apache-2.0");
    assertThat(document.root().at("/servers/0/url").asText()).isEqualTo("/");
    assertThat(document.root().at("/security/0").has("bearer")).isTrue();
    assertThat(document.root().at("/components/securitySchemes/bearer/scheme").asText())
        .isEqualTo("bearer");
  }

  @Test
  void describesEveryOperation() {
    Set<String> tags = new HashSet<>();
    document.root().path("tags").forEach(tag -> tags.add(tag.path("name").asText()));
    Set<String> ids = new HashSet<>();
    for (Operation operation : document.operations()) {
      JsonNode node = operation.node();
      softly.assertThat(operation.id()).as("%s: operationId", operation).isNotBlank();
      softly.assertThat(ids.add(operation.id())).as("%s: unique", operation).isTrue();
      softly.assertThat(node.path("summary").asText()).as("%s: summary", operation).isNotBlank();
      softly
          .assertThat(node.path("description").asText())
          .as("%s: description", operation)
          .contains("Permitted to:");
      softly.assertThat(node.path("tags")).as("%s: tags", operation).hasSize(1);
      softly.assertThat(tags).contains(node.path("tags").path(0).asText());
      operation
          .parameters()
          .forEach(
              parameter ->
                  softly
                      .assertThat(parameter.path("description").asText())
                      .as("%s: %s", operation, parameter)
                      .isNotBlank());
    }
    softly.assertAll();
  }

  @Test
  void documentsTheErrorsOfEveryOperation() {
    for (Operation operation : document.operations()) {
      Map<String, JsonNode> responses = document.responses(operation);
      Set<String> expected = new TreeSet<>(ALWAYS);
      if (operation.mayHaveBody()) {
        expected.addAll(WITH_BODY);
      }
      if (operation.takesId()) {
        expected.add("404");
      }
      if (!operation.isPlatform()) {
        expected.add("429");
      }
      softly.assertThat(responses.keySet()).as("%s", operation).containsAll(expected);
      responses.forEach((status, response) -> documentsOneAnswer(operation, status, response));
    }
    softly.assertAll();
  }

  private void documentsOneAnswer(Operation operation, String status, JsonNode response) {
    String name = operation + " " + status;
    softly.assertThat(response.path("description").asText()).as(name).isNotBlank();
    JsonNode content = Document.content(response);
    if (status.equals("204")) {
      softly.assertThat(content.isMissingNode()).as(name).isTrue();
      return;
    }
    softly.assertThat(document.examples(content)).as("%s: examples", name).isNotEmpty();
    if (status.compareTo("400") >= 0) {
      softly
          .assertThat(content.at("/schema/$ref").asText())
          .as(name)
          .isEqualTo("#/components/schemas/Error");
      document
          .examples(content)
          .values()
          .forEach(
              example ->
                  softly
                      .assertThat(statusOf(example.path("error").asText()))
                      .as("%s: %s", name, example)
                      .isEqualTo(status));
    }
    if (Set.of("429", "503").contains(status)) {
      softly.assertThat(response.path("headers").has("Retry-After")).as(name).isTrue();
    }
  }

  private static String statusOf(String code) {
    return String.valueOf(ErrorCode.valueOf(code.toUpperCase(Locale.ROOT)).status());
  }

  @Test
  void hasExamplesThatFitTheirSchemas() {
    assertThat(document.shapes().unknownKeywords()).isEmpty();
    for (Operation operation : document.operations()) {
      fits(operation + " request", Document.content(operation.node().path("requestBody")));
      document
          .responses(operation)
          .forEach((status, answer) -> fits(operation + " " + status, Document.content(answer)));
      for (JsonNode parameter : operation.parameters()) {
        if (parameter.has("example")) {
          softly
              .assertThat(
                  document.shapes().problems(parameter.path("schema"), parameter.get("example")))
              .as("%s %s", operation, parameter.path("name"))
              .isEmpty();
        }
      }
    }
    softly.assertAll();
  }

  private void fits(String name, JsonNode content) {
    document
        .examples(content)
        .forEach(
            (example, value) ->
                softly
                    .assertThat(document.shapes().problems(content.path("schema"), value))
                    .as("%s, %s", name, example)
                    .isEmpty());
  }

  /** Every example of a request is sent, alone and with every header that it may have. */
  @Test
  void hasExamplesThatAreAccepted() {
    Scene scene = Scene.fresh();
    for (Operation operation : document.operations()) {
      if (operation.method().equals("DELETE")) {
        continue;
      }
      Map<String, JsonNode> bodies =
          document.examples(Document.content(operation.node().path("requestBody")));
      if (bodies.isEmpty()) {
        bodies = new TreeMap<>();
        bodies.put("no body", null);
      }
      bodies.forEach(
          (name, body) -> {
            accepted(scene, operation, name, body, Map.of());
            accepted(scene, operation, name, body, headers(operation));
          });
    }
    softly.assertAll();
  }

  private void accepted(
      Scene scene, Operation operation, String name, JsonNode body, Map<String, String> headers) {
    RequestSpecification request = scene.as(operation).headers(headers);
    if (body != null) {
      request.contentType("application/json").body(scene.real(body.toString()));
    }
    Response answer = request.request(operation.method(), scene.address(operation));
    String told = "%s, %s, %s: %s".formatted(operation, name, headers, answer.asString());
    // The run of the scene is finished, and the example's If-Match is of another version.
    Set<Integer> expected =
        operation.id().equals("cancelRun")
            ? Set.of(409)
            : headers.containsKey("If-Match") ? Set.of(200, 409) : Set.of(200, 201, 202);
    softly.assertThat(expected).as(told).contains(answer.statusCode());
    softly.assertThat(document.problems(operation, answer)).as(told).isEmpty();
  }

  private static Map<String, String> headers(Operation operation) {
    Map<String, String> headers = new TreeMap<>();
    for (JsonNode parameter : operation.parameters()) {
      if (parameter.path("in").asText().equals("header")) {
        headers.put(parameter.path("name").asText(), parameter.path("example").asText());
      }
    }
    headers.computeIfPresent("Idempotency-Key", (name, key) -> key + UUID.randomUUID());
    return headers;
  }

  /** Every query parameter is sent with its example, and the page it leads to is read. */
  @Test
  void hasQueriesThatAreAccepted() {
    Scene scene = Scene.fresh();
    for (Operation operation : document.operations()) {
      if (!operation.method().equals("GET")) {
        continue;
      }
      for (JsonNode parameter : operation.parameters()) {
        if (parameter.path("in").asText().equals("query") && parameter.has("example")) {
          queried(scene, operation, parameter);
        }
      }
      Response all = scene.as(operation).get(scene.address(operation));
      softly.assertThat(document.problems(operation, all)).as("%s", operation).isEmpty();
    }
    softly.assertAll();
  }

  private void queried(Scene scene, Operation operation, JsonNode parameter) {
    Response answer =
        scene
            .as(operation)
            .queryParam(
                parameter.path("name").asText(), scene.real(parameter.path("example").asText()))
            .get(scene.address(operation));
    softly
        .assertThat(answer.statusCode())
        .as("%s %s: %s", operation, parameter, answer.asString())
        .isEqualTo(200);
    softly.assertThat(document.problems(operation, answer)).as("%s", operation).isEmpty();
  }

  @Test
  void documentsTheAnswersOfConflictsAndRepetitions() {
    Scene scene = Scene.fresh();
    Api api = scene.api();
    String key = UUID.randomUUID().toString();
    Map<String, Object> run = Api.run("j", List.of(Api.action(scene.connection(), "/x")));
    List<Response> fired = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      fired.add(api.as().header("Idempotency-Key", key).body(run).post(Api.RUNS));
    }
    fired.add(
        api.as()
            .header("Idempotency-Key", key)
            .body(Api.run("k", List.of(Api.action(scene.connection(), "/x"))))
            .post(Api.RUNS));
    assertThat(fired.stream().map(Response::statusCode)).containsExactly(202, 202, 422);
    assertThat(fired.get(1).header("Idempotent-Replayed")).isEqualTo("true");
    fired.forEach(answer -> documented("fireRun", answer));

    String path = Api.CONNECTIONS + "/" + scene.connection();
    Map<String, String> name = Map.of("connection_name", "One " + UUID.randomUUID());
    documented("changeConnection", api.as().body(name).patch(path));
    documented("changeConnection", api.as().header("If-Match", "\"999\"").body(name).patch(path));
    documented("changeConnection", api.as().body(name).patch(Api.CONNECTIONS + "/" + api.rest()));
    documented("deleteConnection", api.as().header("If-Match", "\"999\"").delete(path));
    documented("deleteConnection", api.as().delete(path));
    documented("deleteConnection", api.as().delete(path));
    String good = api.fire(Api.action(api.rest(), "/good")).then().extract().path("id");
    documented("replayRun", api.as().post(Api.RUNS + "/" + good + "/replay"));
    documented("cancelRun", api.as().post(Api.RUNS + "/" + good + "/cancel"));
    softly.assertAll();
  }

  private void documented(String operation, Response answer) {
    softly
        .assertThat(document.problems(document.operation(operation), answer))
        .as("%s: %s", operation, answer.asString())
        .isEmpty();
  }

  @Test
  void describesCredentialsAsTheProvidersDo() {
    Response providers = Api.fresh().as().get("/api/v1/tenant/providers");
    Set<String> published = new HashSet<>();
    document
        .root()
        .at("/components/schemas/Credentials/anyOf")
        .forEach(schema -> published.add(schema.path("$ref").asText().replaceFirst(".*/", "")));
    for (JsonNode provider : Document.parse(providers.asString())) {
      String name = provider.path("name").asText();
      if (!Files.exists(java.nio.file.Path.of("src/main/resources/providers", name + ".json"))) {
        continue; // of the tests
      }
      String camel =
          Arrays.stream(name.split("_"))
              .map(word -> word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1))
              .collect(Collectors.joining());
      softly.assertThat(published).contains(camel + "Credentials");
      JsonNode schema = document.root().at("/components/schemas/" + camel + "Credentials");
      describes(camel, schema, provider.path("fields"));
      for (JsonNode group : provider.path("together")) {
        for (JsonNode one : group) {
          softly
              .assertThat(schema.path("dependentRequired").path(one.asText()))
              .as("%s with %s", one, group)
              .hasSize(group.size() - 1);
        }
      }
    }
    softly.assertAll();
  }

  private void describes(String name, JsonNode schema, JsonNode fields) {
    Set<String> required = new HashSet<>();
    schema.path("required").forEach(key -> required.add(key.asText()));
    Set<String> names = new HashSet<>();
    for (JsonNode field : fields) {
      String key = field.path("name").asText();
      String path = name + "." + key;
      JsonNode property = schema.path("properties").path(key);
      names.add(key);
      softly
          .assertThat(required.contains(key))
          .as(path)
          .isEqualTo(field.path("required").asBoolean());
      if (property.has("maxLength")) {
        softly.assertThat(property.get("maxLength")).as(path).isEqualTo(field.path("max_length"));
      }
      softly.assertThat(property.path("enum")).as(path).isEqualTo(field.path("options"));
      describes(path, property, field.path("fields"));
    }
    softly
        .assertThat(schema.path("properties").fieldNames())
        .toIterable()
        .as(name)
        .hasSameElementsAs(names);
  }

  /** Methods and paths of the endpoints in the code. */
  private static Set<String> endpoints() throws IOException {
    Set<String> found = new TreeSet<>();
    java.nio.file.Path classes = java.nio.file.Path.of("target", "classes");
    try (Stream<java.nio.file.Path> files = Files.walk(classes)) {
      files
          .map(file -> classes.relativize(file).toString())
          .filter(name -> name.startsWith("io") && name.endsWith(".class"))
          .map(name -> name.substring(0, name.length() - 6).replace(File.separatorChar, '.'))
          .map(OpenApiTest::load)
          .filter(type -> type.isAnnotationPresent(Path.class))
          .forEach(type -> endpoints(type, found));
    }
    return found;
  }

  private static Class<?> load(String name) {
    try {
      return Class.forName(name, false, OpenApiTest.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void endpoints(Class<?> resource, Set<String> found) {
    for (Method method : resource.getDeclaredMethods()) {
      for (Annotation annotation : method.getAnnotations()) {
        HttpMethod verb = annotation.annotationType().getAnnotation(HttpMethod.class);
        if (verb != null) {
          Path below = method.getAnnotation(Path.class);
          String path = resource.getAnnotation(Path.class).value();
          found.add(verb.value() + " " + path + (below == null ? "" : "/" + below.value()));
        }
      }
    }
  }
}
