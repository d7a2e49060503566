package io.fastyoke.integrations.contract;

import static io.fastyoke.integrations.support.Eventually.eventually;
import static io.fastyoke.integrations.support.Eventually.pause;
import static io.restassured.RestAssured.given;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import io.fastyoke.integrations.egress.DnsStub;
import io.fastyoke.integrations.identity.Jwts;
import io.fastyoke.integrations.support.FreePort;
import io.fastyoke.integrations.support.LoopbackServer;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Connections that get an access token first (OAuth 2, client credentials). */
@QuarkusTest
@QuarkusTestResource(TestPostgres.class)
class OAuth2Test {
  private static final String SECRET = "hush-client-s3cr3t/%";
  private static final Map<String, Object> TWICE = Map.of("max_attempts", 2, "backoff_ms", 1);

  private final Api api = Api.fresh();
  private final TokenServer server = new TokenServer();

  @AfterEach
  void stop() {
    server.close();
  }

  private Map<String, Object> oauth2(Object... more) {
    Map<String, Object> fields = new HashMap<>();
    fields.put("token_url", server.url() + "/token");
    fields.put("client_id", "client-1");
    fields.put("client_secret", SECRET);
    for (int i = 0; i < more.length; i += 2) {
      fields.put((String) more[i], more[i + 1]);
    }
    return fields;
  }

  private Response create(Map<String, Object> oauth2) {
    return api.create("generic_rest", Map.of("base_url", server.url() + "/api", "oauth2", oauth2));
  }

  private String connection(Object... more) {
    return create(oauth2(more)).then().statusCode(201).extract().path("id");
  }

  private Response fire(String connection, String... paths) {
    List<Map<String, Object>> actions = new ArrayList<>();
    for (String path : paths) {
      actions.add(Api.with(Api.action(connection, path), "retry", TWICE));
    }
    return api.as()
        .header("Prefer", "wait=20")
        .body(Api.run("job-" + UUID.randomUUID(), actions))
        .post(Api.RUNS);
  }

  private Response test(String connection) {
    return api.as().post(Api.CONNECTIONS + "/" + connection + "/test");
  }

  private void settings(String connection, Map<String, Object> settings) {
    api.as()
        .body(Map.of("settings", settings))
        .patch(Api.CONNECTIONS + "/" + connection)
        .then()
        .statusCode(200);
  }

  @Test
  void asksOnceAndSendsTheTokenWithEveryAction() {
    String id =
        connection("scope", "a b", "audience", "https://api", "parameters", Map.of("x", "y"));
    fire(id, "/1", "/2").then().body("status", equalTo("succeeded"));
    fire(id, "/3").then().body("status", equalTo("succeeded"));
    assertThat(server.called).containsExactly("200 /api/1", "200 /api/2", "200 /api/3");
    String pair = "client-1:hush-client-s3cr3t%2F%25";
    assertThat(server.asked)
        .containsExactly(
            new TokenServer.Asked(
                "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(UTF_8)),
                "grant_type=client_credentials&scope=a+b&audience=https%3A%2F%2Fapi&x=y"));
    assertThat(api.charged()).isEqualTo(3);
  }

  @Test
  void givesNameAndSecretInTheBodyIfToldTo() {
    fire(connection("client_auth", "body"), "/1").then().body("status", equalTo("succeeded"));
    assertThat(server.asked)
        .containsExactly(
            new TokenServer.Asked(
                null,
                "grant_type=client_credentials&client_id=client-1"
                    + "&client_secret=hush-client-s3cr3t%2F%25"));
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 401, 404})
  void aRefusalIsFinalAndCostsNothing(int status) {
    server.fault =
        exchange -> LoopbackServer.answer(exchange, status, "{\"error\":\"invalid_client\"}");
    fire(connection(), "/1", "/2")
        .then()
        .body("status", equalTo("failed"))
        .body("actions[0].error.code", equalTo("token_refused"))
        .body(
            "actions[0].error.message",
            equalTo("The token endpoint answered " + status + " (invalid_client)."))
        .body("actions[0].attempts", equalTo(1))
        .body("actions[0].response_status", nullValue())
        .body("actions[1].status", equalTo("skipped"));
    assertThat(server.asked).hasSize(1);
    assertThat(server.called).isEmpty();
    assertThat(api.charged()).isZero();
  }

  /** And it is charged with the attempt that was sent. */
  @ParameterizedTest
  @ValueSource(ints = {408, 429, 500, 503, 200, 302})
  void whatMayPassIsTriedAgain(int status) {
    server.fault =
        exchange -> {
          server.fault = null;
          exchange.getResponseHeaders().set("Retry-After", "0");
          LoopbackServer.answer(exchange, status, "<html>Please log in.</html>");
        };
    String run =
        fire(connection(), "/1")
            .then()
            .body("status", equalTo("succeeded"))
            .body("actions[0].attempts", equalTo(2))
            .extract()
            .path("id");
    assertThat(api.events("run_id=" + run))
        .extracting(event -> event.get("error"))
        .filteredOn(error -> error != null)
        .extracting(error -> String.valueOf(((Map<?, ?>) error).get("code")))
        .containsExactly(status / 100 == 4 ? "token_refused" : "token_unreachable");
    assertThat(api.charged()).isEqualTo(1);
  }

  @Test
  void anEndpointThatIsDownIsUnreachable() {
    fire(connection("token_url", "http://127.0.0.1:" + FreePort.find()), "/1")
        .then()
        .body("actions[0].error.code", equalTo("token_unreachable"))
        .body("actions[0].attempts", equalTo(2));
    assertThat(api.charged()).isZero();
  }

  /** The attempt's own deadline bounds all of it. */
  @Test
  void anEndpointThatIsSlowIsUnreachable() {
    server.fault = exchange -> pause(Duration.ofSeconds(30));
    String id = connection();
    settings(id, Map.of("timeout_ms", 300));
    fire(id, "/1")
        .then()
        .body("actions[0].error.code", equalTo("token_unreachable"))
        .body("actions[0].error.message", containsString("in time"))
        .body("actions[0].attempts", equalTo(2));
    assertThat(server.called).isEmpty();
  }

  @Test
  void withoutALifeATokenIsUsedAgain() {
    server.fault =
        exchange -> LoopbackServer.answer(exchange, 200, "{\"access_token\":\"no-life\"}");
    fire(connection(), "/teapot", "/1").then().body("actions[0].response_status", equalTo(418));
    assertThat(server.asked).hasSize(1);
  }

  @Test
  void aReceiverThatRevokesTokensGetsTheRequestOnceMore() {
    String id = connection();
    fire(id, "/1", "/2").then().body("status", equalTo("succeeded"));
    server.revoke();
    fire(id, "/3", "/4").then().body("status", equalTo("succeeded"));
    assertThat(server.called)
        .containsExactly("200 /api/1", "200 /api/2", "401 /api/3", "200 /api/3", "200 /api/4");
    assertThat(server.asked).hasSize(2);
    assertThat(api.charged()).isEqualTo(4);
  }

  @Test
  void aReceiverThatRefusesEveryTokenGetsTwoRequestsAndNoMore() {
    server.fault =
        exchange -> LoopbackServer.answer(exchange, 200, "{\"access_token\":\"of-another\"}");
    String run =
        fire(connection(), "/1")
            .then()
            .body("actions[0].error.code", equalTo("http_status"))
            .body("actions[0].response_status", equalTo(401))
            .body("actions[0].attempts", equalTo(1))
            .extract()
            .path("id");
    assertThat(server.called).containsExactly("401 /api/1", "401 /api/1");
    assertThat(server.asked).hasSize(2);
    assertThat(api.events("run_id=" + run)).hasSize(1);
    assertThat(api.charged()).isEqualTo(1);
  }

  /** While the first token is on its way, and every fire wants it. */
  @Test
  void manyFiresAtOnceAskForOneToken() throws Exception {
    String id = connection();
    server.fault =
        exchange -> {
          server.fault = null;
          pause(Duration.ofMillis(500));
          LoopbackServer.answer(exchange, 200, server.grant());
        };
    HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    Semaphore atOnce = new Semaphore(200);
    List<CompletableFuture<HttpResponse<Void>>> fired = new ArrayList<>();
    for (int i = 0; i < 2_000; i++) {
      atOnce.acquire();
      fired.add(http.sendAsync(fire(id, i), HttpResponse.BodyHandlers.discarding()));
      fired.get(i).whenComplete((done, failed) -> atOnce.release());
    }
    for (CompletableFuture<HttpResponse<Void>> one : fired) {
      assertThat(one.get().statusCode()).isEqualTo(202);
    }
    eventually("all arrive", () -> server.called.size() >= 2_000);
    assertThat(server.asked).hasSize(1);
    assertThat(server.refused()).isZero();
  }

  private HttpRequest fire(String connection, int number) throws IOException {
    Object run = Api.run("many-" + number, List.of(Api.action(connection, "/" + number)));
    return HttpRequest.newBuilder(
            URI.create(RestAssured.baseURI + ":" + RestAssured.port + Api.RUNS))
        .header("Authorization", "Bearer " + Jwts.admin(api.tenant()))
        .header("Content-Type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofString(new ObjectMapper().writeValueAsString(run)))
        .build();
  }

  /** Renewed ahead of their end, one at a time, while the fires go on. */
  @Test
  void shortLivedTokensAreRenewedUnderLoad() {
    server.seconds = 2;
    String id = connection();
    while (server.asked.size() < 3) {
      fire(id, "/1", "/2", "/3", "/4", "/5").then().body("status", equalTo("succeeded"));
    }
    assertThat(server.mostAtOnce).isEqualTo(1);
  }

  @Test
  void anotherCredentialGetsAnotherToken() {
    String id = connection();
    fire(id, "/1").then().body("status", equalTo("succeeded"));
    settings(id, Map.of("max_in_flight", 5));
    fire(id, "/2").then().body("status", equalTo("succeeded"));
    api.as()
        .body(
            Map.of(
                "credentials",
                Map.of("base_url", server.url() + "/api", "oauth2", oauth2("scope", "other"))))
        .patch(Api.CONNECTIONS + "/" + id)
        .then()
        .statusCode(200);
    fire(id, "/3").then().body("status", equalTo("succeeded"));
    assertThat(server.asked.get(server.asked.size() - 1).body()).contains("scope=other");
    assertThat(server.refused()).isZero();
  }

  @Test
  void aTestSaysAtWhichStepItFailed() {
    String id = connection();
    test(id)
        .then()
        .body("outcome", equalTo("ok"))
        .body("message", equalTo("A token was granted. The endpoint answered with status 200."));
    server.fault = exchange -> LoopbackServer.answer(exchange, 200, "{\"access_token\":\"x\"}");
    test(id)
        .then()
        .body("outcome", equalTo("unauthorized"))
        .body("response_status", equalTo(401))
        .body("message", containsString("A token was granted. The endpoint refuses"));
    server.fault =
        exchange -> LoopbackServer.answer(exchange, 401, "{\"error\":\"invalid_client\"}");
    test(id)
        .then()
        .body("outcome", equalTo("unauthorized"))
        .body("response_status", equalTo(401))
        .body(
            "message",
            equalTo("There is no token. The token endpoint answered 401 (invalid_client)."));
    server.fault = exchange -> LoopbackServer.answer(exchange, 503);
    test(id).then().body("outcome", equalTo("unreachable")).body("response_status", equalTo(503));
    assertThat(api.events("event_type=CONNECTION_TEST")).hasSize(4);
    assertThat(api.charged()).isZero();
  }

  @Test
  void theTokenUrlIsJudgedAsTheBaseUrlIs() {
    refused("token_url", "https://10.0.0.1/token")
        .body("error", equalTo("blocked_address"))
        .body("details.fields[0].field", equalTo("credentials.oauth2.token_url"));
    for (String url :
        List.of("https://u:p@login.io/t", "https://login.io/t?x=y", "ftp://login.io")) {
      refused("token_url", url)
          .body("error", equalTo("validation_failed"))
          .body("details.fields[0].field", equalTo("credentials.oauth2.token_url"));
    }
  }

  /** Names are resolved and judged again at every request. */
  @Test
  void aTokenUrlThatLeadsInsideLaterIsNotCalled() {
    String host = "login-" + UUID.randomUUID() + ".acme.com";
    TestPostgres.dns().say(host, DnsStub.addresses("127.0.0.1"));
    String id = connection("token_url", server.url().replace("127.0.0.1", host) + "/token");
    TestPostgres.dns().say(host, DnsStub.addresses("10.1.2.3"));
    String run =
        fire(id, "/1", "/2")
            .then()
            .body("actions[0].error.code", equalTo("blocked_address"))
            .body("actions[0].error.message", containsString("token endpoint"))
            .body("actions[0].attempts", equalTo(0))
            .body("actions[1].status", equalTo("skipped"))
            .extract()
            .path("id");
    test(id).then().body("outcome", equalTo("blocked")).body("response_status", nullValue());
    assertThat(api.events("run_id=" + run)).hasSize(2);
    assertThat(server.asked).isEmpty();
    assertThat(server.called).isEmpty();
    assertThat(api.charged()).isZero();
    TestPostgres.dns().say(host, DnsStub.addresses("127.0.0.1"));
    fire(id, "/3").then().body("status", equalTo("succeeded"));
  }

  @Test
  void parametersCannotSayWhatTheServiceSays() {
    for (String name : List.of("grant_type", "client_id", "client_secret", "scope", "audience")) {
      refused("parameters", Map.of(name, "x"))
          .body("details.fields[0].field", equalTo("credentials.oauth2.parameters." + name));
    }
    refused("client_auth", "none")
        .body("details.fields[0].field", equalTo("credentials.oauth2.client_auth"));
    refused("token_uri", "https://login.io")
        .body("details.fields[0].field", equalTo("credentials.oauth2.token_uri"));
  }

  private io.restassured.response.ValidatableResponse refused(String field, Object value) {
    return create(oauth2(field, value)).then().statusCode(400);
  }

  @Test
  void aPreviewAsksForNothingAndHidesTheHeader() {
    api.as()
        .body(Api.run("job", List.of(Api.action(connection(), "/1"))))
        .post(Api.RUNS + "/preview")
        .then()
        .body("actions[0].headers.Authorization", equalTo("[redacted]"));
    assertThat(server.asked).isEmpty();
  }

  /** Whatever the receiver echoes, and wherever one looks. */
  @Test
  void neitherTokenNorSecretIsSeen() {
    server.fault = exchange -> echo(exchange);
    String id = connection("parameters", Map.of("resource", "hush-resource"));
    StringBuilder seen = new StringBuilder(fire(id, "/refused").asString());
    server.fault = null;
    seen.append(fire(id, "/teapot").asString());
    seen.append(test(id).asString());
    seen.append(api.as().get(Api.CONNECTIONS + "/" + id).asString());
    seen.append(api.as().get("/api/v1/tenant/event-log").asString());
    seen.append(api.as().get(Api.RUNS).asString());
    seen.append(given().get("/q/metrics").asString());
    String basic =
        Base64.getEncoder().encodeToString("client-1:hush-client-s3cr3t%2F%25".getBytes(UTF_8));
    assertThat(server.granted).isNotEmpty();
    assertThat(seen.toString())
        .contains("you_sent", "[redacted]")
        .doesNotContain(SECRET, "hush", "s3cr3t", basic, "client-1");
    String rows =
        String.join(
            "\n",
            rows("SELECT t::text FROM event_log t"),
            rows("SELECT t::text FROM action_runs t"),
            rows("SELECT encode(credentials, 'escape') FROM connections"));
    assertThat(rows).contains("you_sent").doesNotContain("s3cr3t-token", "hush-client");
  }

  private static String rows(String query) {
    try {
      return String.join(
          "\n", io.fastyoke.integrations.support.Sql.of(TestPostgres.server()).list(query));
    } catch (java.sql.SQLException e) {
      throw new AssertionError(e);
    }
  }

  /** A token endpoint that tells what it was told. */
  private void echo(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
    String authorization = exchange.getRequestHeaders().getFirst("Authorization");
    exchange.getResponseHeaders().set("X-Request-Id", authorization);
    LoopbackServer.answer(
        exchange,
        400,
        "{\"error\":\"%s\",\"error_description\":\"%s %s\"}"
            .formatted(SECRET, authorization, body));
  }
}
