package io.fastyoke.integrations.contract;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.anyOf;
import static org.hamcrest.Matchers.equalTo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fastyoke.integrations.contract.Document.Operation;
import io.fastyoke.integrations.identity.Jwts;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.http.Header;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Walks all operations of the description, so that a new one is walked too. */
@QuarkusTest
@QuarkusTestResource(TestPostgres.class)
class TenantWalkTest {
  /** Of answers that are otherwise the same byte for byte. */
  private static final Set<String> PER_REQUEST = Set.of("x-request-id", "date");

  private static final Set<String> PLATFORM = Set.of("getKeys", "reseal");
  private static final Set<String> READ =
      Set.of(
          "listProviders",
          "listConnections",
          "getConnection",
          "listRuns",
          "getRun",
          "showRequests",
          "listEvents",
          "summarizeEvents",
          "deliveryStats",
          "connectionStats");
  private static final Set<String> EXECUTE =
      Set.of("fireRun", "previewRun", "replayRuns", "replayRun", "cancelRun");

  private static final String KEYS = "/api/v1/super/keys";

  @TestHTTPResource("/")
  URI base;

  private final SoftAssertions softly = new SoftAssertions();
  private Document document;

  @BeforeEach
  void read() {
    document = Document.served();
  }

  @Test
  void anIdOfAnotherTenantIsAnsweredAsOneOfNobody() {
    Scene theirs = Scene.fresh();
    Scene mine = Scene.fresh();
    String before = everythingOf(theirs);
    for (Operation operation : document.operations()) {
      if (operation.takesId()) {
        String token = mine.token(operation);
        Response other = mine.send(document, operation, token, theirs.address(operation));
        Response none = mine.send(document, operation, token, nobodys(operation));
        softly.assertThat(other.statusCode()).as("%s", operation).isEqualTo(404);
        softly.assertThat(whole(other)).as("%s", operation).isEqualTo(whole(none));
        softly.assertThat(document.problems(operation, other)).as("%s", operation).isEmpty();
      }
    }
    softly.assertAll();
    assertThat(everythingOf(theirs)).isEqualTo(before);
  }

  /** Whoever looks at the path, to let in or to answer, sees the same one. */
  @Test
  void otherSpellingsOfAPathLetNobodyElseIn() throws IOException {
    Scene theirs = Scene.fresh();
    Scene mine = Scene.fresh();
    for (String path : List.of(Api.CONNECTIONS + "/" + theirs.connection(), KEYS)) {
      for (String spelling : spellings(path)) {
        String none = raw(spelling, "");
        softly.assertThat(none).as(spelling).matches("(?s)HTTP/1.1 (400|401|404) .*");
        String admin = raw(spelling, "Authorization: Bearer " + Jwts.admin(mine.api().tenant()));
        softly.assertThat(admin).as(spelling).matches("(?s)HTTP/1.1 (400|403|404) .*");
        softly.assertThat(admin).as(spelling).doesNotContain("generic_rest", "\"active\"");
      }
    }
    softly.assertAll();
  }

  private static List<String> spellings(String path) {
    String last = path.substring(path.lastIndexOf('/') + 1);
    String before = path.substring(0, path.length() - last.length());
    return List.of(
        path,
        path + "/",
        path + ";x=1",
        path + "/.",
        path + "?x=1",
        path + "%3Fx=1",
        path + "%00",
        "/" + path,
        before + "/" + last,
        before + "./" + last,
        before + "x/../" + last,
        before + "x/%2e%2e/" + last,
        before + "%2F" + last,
        before + ";x=1/" + last,
        before.toUpperCase(Locale.ROOT) + last,
        before.replace("api", "%61pi") + last,
        path.replace("/api/v1/", "/api/v1/tenant/../"),
        "http://other.example" + path);
  }

  private String raw(String target, String header) throws IOException {
    try (Socket socket = new Socket(base.getHost(), base.getPort())) {
      String head = "GET %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\n%s\r\n\r\n";
      String request = head.formatted(target, header).replace("\r\n\r\n\r\n", "\r\n\r\n");
      socket.getOutputStream().write(request.getBytes(US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), UTF_8);
    }
  }

  @Test
  void withoutATokenNothingIsAnswered() {
    Scene scene = Scene.fresh();
    for (Operation operation : document.operations()) {
      RequestSpecification request = RestAssured.given();
      if (operation.takesBody()) {
        request.contentType("application/json").body("{}");
      }
      Response answer = request.request(operation.method(), scene.address(operation));
      softly.assertThat(answer.statusCode()).as("%s", operation).isEqualTo(401);
      softly.assertThat(document.problems(operation, answer)).as("%s", operation).isEmpty();
    }
    softly.assertAll();
  }

  @Test
  void everybodyMayDoExactlyWhatTheTableSays() {
    Scene scene = Scene.fresh();
    String tenant = scene.api().tenant();
    Set<String> all = document.operations().stream().map(Operation::id).collect(Collectors.toSet());
    Set<String> admin = new TreeSet<>(all);
    admin.removeAll(PLATFORM);
    Set<String> operator = new TreeSet<>(READ);
    operator.addAll(EXECUTE);

    permitted(scene, "admin", Jwts.person(tenant, "admin"), admin);
    permitted(scene, "operator", Jwts.person(tenant, "operator"), operator);
    permitted(scene, "super_admin", Scene.superAdmin(), PLATFORM);
    permitted(scene, "admin:*", machine(tenant, "admin:*"), admin);
    permitted(scene, "workflow:read", machine(tenant, "workflow:read"), READ);
    permitted(scene, "workflow:execute", machine(tenant, "workflow:execute"), EXECUTE);
    permitted(scene, "none", machine(tenant, "other:scope"), Set.of());
    softly.assertAll();
  }

  private void permitted(Scene scene, String who, String token, Set<String> expected) {
    for (Operation operation : document.operations()) {
      // Nobody's id: what is permitted has no effect, and is still told from what is not.
      Response answer = scene.send(document, operation, token, nobodys(operation));
      boolean may = expected.contains(operation.id());
      softly
          .assertThat(answer.statusCode() != 403)
          .as("%s: %s (%s)", who, operation, answer.statusCode())
          .isEqualTo(may);
      if (!may) {
        softly.assertThat(answer.path("error").toString()).as(who).isEqualTo("forbidden");
      }
      softly.assertThat(document.problems(operation, answer)).as("%s", operation).isEmpty();
    }
  }

  @Test
  void anotherTenantNamedInTheQueryIsAMismatch() {
    Scene scene = Scene.fresh();
    for (Operation operation : tenantOperations()) {
      String address = scene.address(operation) + "?tenant_id=";
      mismatch(
          operation, scene.send(document, operation, scene.token(operation), address + "other"));
      Response own =
          scene.send(
              document,
              operation,
              scene.token(operation),
              nobodys(operation) + "?tenant_id=" + scene.api().tenant());
      softly.assertThat(own.statusCode()).as("%s", operation).isIn(200, 201, 202, 404);
    }
    softly.assertAll();
  }

  @Test
  void anotherTenantNamedInTheBodyIsAMismatch() {
    Scene scene = Scene.fresh();
    for (Operation operation : tenantOperations()) {
      if (operation.mayHaveBody()) {
        mismatch(operation, named(scene, operation, scene.address(operation), "other"));
        Response own = named(scene, operation, nobodys(operation), scene.api().tenant());
        softly.assertThat(own.statusCode()).as("%s", operation).isIn(200, 201, 202, 404);
      }
    }
    softly.assertAll();
  }

  private Response named(Scene scene, Operation operation, String address, String tenant) {
    ObjectNode body = Document.JSON.createObjectNode();
    if (operation.takesBody()) {
      JsonNode content = Document.content(operation.node().path("requestBody"));
      body.setAll((ObjectNode) document.examples(content).values().iterator().next());
    }
    body.put("tenant_id", tenant);
    return scene
        .as(operation)
        .contentType("application/json")
        .body(scene.real(body.toString()))
        .request(operation.method(), address);
  }

  private void mismatch(Operation operation, Response answer) {
    String told = operation + ": " + answer.asString();
    softly.assertThat(answer.statusCode()).as(told).isEqualTo(403);
    softly.assertThat(answer.asString()).as(told).contains("\"tenant_mismatch\"");
  }

  @Test
  void listsNeverShowAnotherTenantsRows() {
    Scene theirs = Scene.fresh();
    Scene mine = Scene.fresh();
    String job = theirs.api().as().get(Api.RUNS + "/" + theirs.run()).path("job_id");
    for (Operation operation : tenantOperations()) {
      if (!operation.method().equals("GET") || operation.takesId()) {
        continue;
      }
      for (String query :
          List.of(
              "",
              "?job_id=" + job,
              "?run_id=" + theirs.run(),
              "?connection_id=" + theirs.connection(),
              "?group_by=connection")) {
        String answer = mine.as(operation).get(operation.path() + query).asString();
        softly
            .assertThat(answer)
            .as("%s%s", operation, query)
            .doesNotContain(theirs.connection(), theirs.run(), job, theirs.api().tenant());
      }
    }
    softly.assertAll();
  }

  /**
   * A page of one's own list can be continued with another tenant's cursor, but not into its rows.
   */
  @Test
  void aCursorOfAnotherTenantShowsOnlyOnesOwnRows() {
    Scene mine = Scene.fresh();
    Scene theirs = Scene.fresh();
    theirs.api().rest();
    String link = theirs.api().as().get(Api.CONNECTIONS + "?limit=1").header("Link");
    String next = link.substring(1, link.indexOf('>'));
    Response answer = Scene.with(Jwts.admin(mine.api().tenant())).get(next);
    assertThat(answer.jsonPath().getList("id")).containsOnly(mine.connection());
  }

  /** Ids within bodies are ids, too. */
  @Test
  void anIdOfAnotherTenantInABodyIsAnsweredAsOneOfNobody() {
    Scene theirs = Scene.fresh();
    Scene mine = Scene.fresh();
    String before = everythingOf(theirs);
    String nobody = UUID.randomUUID().toString();
    for (String path : List.of("/preview", "/replay")) {
      String other = inBody(mine, path, theirs.connection());
      assertThat(other.replace(theirs.connection(), nobody)).isEqualTo(inBody(mine, path, nobody));
    }
    String fired = inBody(mine, "", theirs.connection());
    assertThat(fired).contains("connection_not_found");
    assertThat(everythingOf(theirs)).isEqualTo(before);
  }

  private static String inBody(Scene scene, String path, String connection) {
    Object body =
        path.equals("/replay")
            ? Map.of("connection_id", connection)
            : Api.run("body", List.of(Api.action(connection, "/x")));
    return scene
        .api()
        .as()
        .header("Prefer", "wait=20")
        .body(body)
        .post(Api.RUNS + path)
        .then()
        .statusCode(anyOf(equalTo(200), equalTo(202)))
        .extract()
        .asString();
  }

  /** A key belongs to the tenant that used it. */
  @Test
  void theSameIdempotencyKeyIsAnotherOneForAnotherTenant() {
    Scene first = Scene.fresh();
    Scene second = Scene.fresh();
    String key = "key " + UUID.randomUUID();
    Response theirs = fire(first, key, "job a");
    Response mine = fire(second, key, "job b");
    mine.then().statusCode(200).body("job_id", equalTo("job b"));
    assertThat(mine.header("Idempotent-Replayed")).isNull();
    assertThat(mine.<String>path("id")).isNotEqualTo(theirs.path("id"));
    assertThat(fire(first, key, "job a").header("Idempotent-Replayed")).isEqualTo("true");
  }

  private static Response fire(Scene scene, String key, String job) {
    return scene
        .api()
        .as()
        .header("Idempotency-Key", key)
        .header("Prefer", "wait=20")
        .body(Api.run(job, List.of(Api.action(scene.connection(), "/x"))))
        .post(Api.RUNS);
  }

  private List<Operation> tenantOperations() {
    return document.operations().stream().filter(operation -> !operation.isPlatform()).toList();
  }

  private static String nobodys(Operation operation) {
    return Scene.address(operation, UUID.randomUUID().toString());
  }

  private static String machine(String tenant, String scope) {
    return Jwts.of(
        Jwts.claims(
            "\"tenant_id\":\"%s\",\"api_token_id\":\"k1\",\"scopes\":[\"%s\"]"
                .formatted(tenant, scope)));
  }

  private static String whole(Response answer) {
    List<String> headers = new ArrayList<>();
    for (Header header : answer.headers()) {
      if (!PER_REQUEST.contains(header.getName().toLowerCase(java.util.Locale.ROOT))) {
        headers.add(header.toString());
      }
    }
    headers.sort(null);
    return answer.statusLine() + "\n" + headers + "\n" + answer.asString();
  }

  /** What the tenant has, as it sees it. */
  private static String everythingOf(Scene scene) {
    return scene.api().as().get(Api.CONNECTIONS).asString()
        + scene.api().as().get(Api.RUNS).asString()
        + scene.api().as().get("/api/v1/tenant/event-log").asString();
  }
}
