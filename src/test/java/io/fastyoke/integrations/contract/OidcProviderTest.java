package io.fastyoke.integrations.contract;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import io.fastyoke.integrations.support.NodeServer;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** OAuth 2 against an authorization server that others wrote, and that checks all it is sent. */
@QuarkusTest
@QuarkusTestResource(TestPostgres.class)
class OidcProviderTest {
  private static final String RESOURCE = "https://api.example.com/orders";
  private static NodeServer server;

  private final Api api = Api.fresh();

  @BeforeAll
  static void start() {
    server = NodeServer.start("oidc-server.mjs", "4");
  }

  @AfterAll
  static void stop() {
    if (server != null) {
      server.close();
    }
  }

  private String connection(String clientAuth, Map<String, Object> more) {
    String client = clientAuth + " client";
    Map<String, Object> oauth2 = new HashMap<>(more);
    oauth2.putIfAbsent("client_secret", "hush secret of:" + client + "/%+");
    oauth2.put("client_id", client);
    oauth2.put("client_auth", clientAuth);
    oauth2.put("token_url", server.url() + "/token");
    return api.create("generic_rest", Map.of("base_url", server.url() + "/api", "oauth2", oauth2))
        .then()
        .statusCode(201)
        .extract()
        .path("id");
  }

  /** Name and secret have all the characters that have to be encoded. */
  @ParameterizedTest
  @ValueSource(strings = {"basic", "body"})
  void grantsATokenForTheScopeAndTheResource(String clientAuth) {
    String id =
        connection(
            clientAuth,
            Map.of(
                "scope",
                "orders.read",
                "audience",
                RESOURCE,
                "parameters",
                Map.of("resource", RESOURCE)));
    api.as()
        .post(Api.CONNECTIONS + "/" + id + "/test")
        .then()
        .body("outcome", equalTo("ok"))
        .body("message", containsString("A token was granted."));
    api.fire(Api.action(id, "/1")).then().body("status", equalTo("succeeded"));
  }

  @Test
  void refusesAScopeThatTheClientMayNotHave() {
    api.fire(Api.action(connection("basic", Map.of("scope", "orders.delete")), "/1"))
        .then()
        .body("actions[0].error.code", equalTo("token_refused"))
        .body("actions[0].error.message", containsString("400 (invalid_scope)"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"basic", "body"})
  void refusesAWrongSecret(String clientAuth) {
    String id = connection(clientAuth, Map.of("client_secret", "hush-wrong"));
    api.as()
        .post(Api.CONNECTIONS + "/" + id + "/test")
        .then()
        .body("outcome", equalTo("unauthorized"))
        .body("message", containsString("401 (invalid_client)"));
  }

  /** The tokens live 4 s; half-way through, the server revokes all of them. */
  @Test
  void goesOnOverEndedAndRevokedTokens() {
    String id = connection("basic", Map.of("scope", "orders.write"));
    int before = seen("tokens");
    int refused = seen("refused");
    boolean revoked = false;
    while (seen("tokens") - before < 4) {
      if (!revoked && seen("tokens") - before == 2) {
        given().delete(server.url() + "/tokens").then().statusCode(200);
        revoked = true;
      }
      api.fire(Api.action(id, "/" + UUID.randomUUID())).then().body("status", equalTo("succeeded"));
    }
    assertThat(revoked).isTrue();
    assertThat(seen("refused") - refused).as("one resend").isEqualTo(1);
  }

  private static int seen(String what) {
    return given().get(server.url() + "/seen").jsonPath().getInt(what);
  }
}
