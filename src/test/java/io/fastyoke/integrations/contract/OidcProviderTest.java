package io.fastyoke.integrations.contract;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import io.fastyoke.integrations.support.NodeServer;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** npm's oidc-provider. */
@QuarkusTest
@QuarkusTestResource(TestPostgres.class)
class OidcProviderTest extends AuthorizationServerContract {
  private static NodeServer server;

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

  @Override
  String url() {
    return server.url();
  }

  @Override
  String tokenPath() {
    return "/token";
  }

  @Override
  int tokens() {
    return seen("tokens");
  }

  @Override
  int refused() {
    return seen("refused");
  }

  @Override
  void revoke() {
    given().delete(server.url() + "/tokens").then().statusCode(200);
  }

  /** The tokens live 4 s; half-way through, the server revokes all of them. */
  @Test
  void goesOnOverEndedAndRevokedTokens() {
    String id = connection("basic", Map.of("scope", "orders.write"));
    int before = tokens();
    int refused = refused();
    boolean revoked = false;
    while (tokens() - before < 4) {
      if (!revoked && tokens() - before == 2) {
        revoke();
        revoked = true;
      }
      api.fire(Api.action(id, "/" + UUID.randomUUID())).then().body("status", equalTo("succeeded"));
    }
    assertThat(revoked).isTrue();
    assertThat(refused() - refused).as("one resend").isEqualTo(1);
  }

  private static int seen(String what) {
    return given().get(server.url() + "/seen").jsonPath().getInt(what);
  }
}
