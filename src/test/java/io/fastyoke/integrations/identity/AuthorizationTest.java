package io.fastyoke.integrations.identity;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import io.fastyoke.integrations.http.Plain;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@TestProfile(Plain.class)
class AuthorizationTest {
  private static final List<String> ALL =
      List.of(
          "connections-write",
          "connections-read",
          "runs-execute",
          "runs-read",
          "usage-read",
          "platform");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "admin       | connections-write connections-read runs-execute runs-read usage-read",
        "operator    | connections-read runs-execute runs-read",
      })
  void peopleByRole(String role, String allowed) {
    assertAllowed(Jwts.person("t1", role), allowed);
  }

  @Test
  void superAdminOperatesThePlatformOnly() {
    assertAllowed(Jwts.of(Jwts.claims("\"role\":\"super_admin\"")), "platform");
    assertAllowed(
        Jwts.of(Jwts.claims("\"role\":\"super_admin\",\"tenant_id\":null,\"scopes\":null")),
        "platform");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[\"admin:*\"]          | connections-write connections-read runs-execute runs-read usage-read",
        "[\"workflow:read\"]    | connections-read runs-read",
        "[\"workflow:execute\"] | runs-execute",
        "[\"workflow:read\",\"workflow:execute\"] | connections-read runs-execute runs-read",
        "[\"admin\",\"*\",\"workflow:*\",\"ADMIN:*\",\"admin:* \"] | ``",
        "[]                     | ``",
      })
  void machinesByScope(String scopes, String allowed) {
    assertAllowed(Jwts.machine(scopes), allowed);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"ext_id\":\"e1\"",
        "\"api_token_id\":\"k1\"",
        "\"ext_id\":7",
        "\"ext_id\":\"e1\",\"scopes\":[\"unknown\"]",
      })
  void aMachinesRoleGivesItNothing(String machine) {
    for (String role : List.of("admin", "operator", "super_admin")) {
      String more = "\"tenant_id\":\"t1\",\"role\":\"" + role + "\"," + machine;
      assertAllowed(Jwts.of(Jwts.claims(more)), "");
    }
  }

  /** Only what the host calls a machine is one. */
  @ParameterizedTest
  @ValueSource(strings = {"[]", "[\"admin:*\"]", "[\"workflow:execute\"]"})
  void aPersonsScopesChangeNothing(String scopes) {
    String operator = "\"tenant_id\":\"t1\",\"role\":\"operator\",\"scopes\":" + scopes;
    assertAllowed(Jwts.of(Jwts.claims(operator)), "connections-read runs-execute runs-read");
    assertAllowed(
        Jwts.of(Jwts.claims("\"role\":\"super_admin\",\"scopes\":" + scopes)), "platform");
  }

  @Test
  void theEngineFiresByItsScope() {
    String engine =
        "{\"sub\":\"engine\",\"tenant_id\":\"t1\",\"exp\":%d,\"scopes\":[\"workflow:execute\"]}"
            .formatted(Instant.now().getEpochSecond() + 60);
    assertAllowed(Jwts.of(engine), "runs-execute");
  }

  @Test
  void anEndpointWithoutAPermissionLetsNobodyIn() {
    given()
        .auth()
        .oauth2(Jwts.admin("t1"))
        .get("/api/v1/probe/forgotten")
        .then()
        .statusCode(403)
        .body("error", equalTo("forbidden"));
  }

  @Test
  void theCallerIsWhatTheTokenSays() {
    String token =
        Jwts.of(
            Jwts.claims(
                "\"tenant_id\":\"t:1\",\"role\":\"operator\",\"impersonated_by\":\"root\""));
    given()
        .auth()
        .oauth2(token)
        .get("/api/v1/probe/caller")
        .then()
        .statusCode(200)
        .body("tenant", equalTo("t:1"))
        .body("sub", equalTo("u1"))
        .body("email", equalTo("u1@example.com"))
        .body("impersonated_by", equalTo("root"));
  }

  @Test
  void optionalClaimsMayBeNullOrAbsent() {
    String payload =
        "{\"sub\":\"u\",\"email\":null,\"tenant_id\":\"t1\",\"role\":\"admin\",\"exp\":%d}"
            .formatted(Instant.now().getEpochSecond() + 60);
    given()
        .auth()
        .oauth2(Jwts.of(payload))
        .get("/api/v1/probe/caller")
        .then()
        .statusCode(200)
        .body("email", nullValue())
        .body("impersonated_by", nullValue());
  }

  @ParameterizedTest
  @CsvSource({
    "tenant_id=t1, 200",
    "tenant_id=t2, 403",
    "tenant_id=, 403",
    "tenant_id=t1&tenant_id=t2, 403",
    "tenant_id=T1, 403",
    "tenant=t2, 200",
  })
  void aTenantInTheQueryMustBeTheTokens(String query, int status) {
    given()
        .auth()
        .oauth2(Jwts.admin("t1"))
        .get("/api/v1/probe/caller?" + query)
        .then()
        .statusCode(status)
        .body("error", equalTo(status == 403 ? "tenant_mismatch" : null));
  }

  private static void assertAllowed(String token, String allowed) {
    List<String> wanted = Arrays.asList(allowed == null ? new String[0] : allowed.split(" "));
    for (String probe : ALL) {
      given()
          .auth()
          .oauth2(token)
          .get("/api/v1/probe/" + probe)
          .then()
          .statusCode(wanted.contains(probe) ? 200 : 403);
    }
  }
}
