package io.fastyoke.integrations.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * OAuth 2 against an authorization server that others wrote, and that checks all it is sent. It
 * knows the clients {@code basic client} and {@code body client}, which may have the scopes {@code
 * orders.read} and {@code orders.write}, and takes its tokens at {@code /api}.
 */
abstract class AuthorizationServerContract {
  static final String RESOURCE = "https://api.example.com/orders";

  final Api api = Api.fresh();

  /** Its origin. */
  abstract String url();

  abstract String tokenPath();

  /** How many tokens it has granted. */
  abstract int tokens();

  /** How many calls came with a token that it does not take. */
  abstract int refused();

  /** From now on it takes no token that it has granted. */
  abstract void revoke();

  /** With all the characters that have to be encoded. */
  static String secret(String client) {
    return "hush secret of:" + client + "/%+";
  }

  final String connection(String clientAuth, Map<String, Object> more) {
    String client = clientAuth + " client";
    Map<String, Object> oauth2 = new HashMap<>(more);
    oauth2.putIfAbsent("client_secret", secret(client));
    oauth2.put("client_id", client);
    oauth2.put("client_auth", clientAuth);
    oauth2.put("token_url", url() + tokenPath());
    return api.create("generic_rest", Map.of("base_url", url() + "/api", "oauth2", oauth2))
        .then()
        .statusCode(201)
        .extract()
        .path("id");
  }

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

  @Test
  void aRevokedTokenCostsOneResend() {
    String id = connection("basic", Map.of("scope", "orders.write"));
    api.fire(Api.action(id, "/1")).then().body("status", equalTo("succeeded"));
    int tokens = tokens();
    int refused = refused();
    revoke();
    api.fire(Api.action(id, "/2"), Api.action(id, "/3"))
        .then()
        .body("status", equalTo("succeeded"))
        .body("actions[0].attempts", equalTo(1));
    assertThat(tokens() - tokens).isEqualTo(1);
    assertThat(refused() - refused).isEqualTo(1);
    assertThat(api.charged()).isEqualTo(3);
  }
}
