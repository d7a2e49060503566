package io.fastyoke.integrations.http;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import io.fastyoke.integrations.identity.Jwts;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(Plain.AndTightLimits.class)
class TenantLimitsTest {
  private static final String PROBE = "/api/v1/probe/caller";

  @Test
  void oneTenantsFloodIsCutAndOthersAreServed() {
    List<Integer> statuses = new ArrayList<>();
    Response last = flood(statuses);
    assertThat(statuses).contains(200, 429);
    last.then().header("Retry-After", "1").body("error", equalTo("rate_limited"));
    given().auth().oauth2(Jwts.admin("calm")).get(PROBE).then().statusCode(200);
  }

  private static Response flood(List<Integer> statuses) {
    String token = Jwts.admin("loud");
    Response response;
    do {
      response = given().auth().oauth2(token).get(PROBE);
      statuses.add(response.statusCode());
    } while (response.statusCode() == 200 && statuses.size() < 1000);
    return response;
  }

  @Test
  void aListedOriginMayReadAnswers() {
    given()
        .auth()
        .oauth2(Jwts.admin("cors1"))
        .header("Origin", "https://shell.example.com")
        .get(PROBE)
        .then()
        .statusCode(200)
        .header("Access-Control-Allow-Origin", "https://shell.example.com")
        .header("Access-Control-Allow-Credentials", nullValue())
        .header("Vary", "Origin");
  }

  @Test
  void thePreflightOfAListedOriginIsAnsweredWithoutAToken() {
    given()
        .header("Origin", "http://localhost:5173")
        .header("Access-Control-Request-Method", "PATCH")
        .options("/api/v1/probe/x")
        .then()
        .statusCode(204)
        .header("Access-Control-Allow-Origin", "http://localhost:5173")
        .header("Access-Control-Allow-Methods", "GET, POST, PATCH, DELETE");
  }

  @Test
  void otherOriginsGetNoPermission() {
    for (String origin :
        new String[] {
          "https://shell.example.com.evil.example",
          "http://shell.example.com",
          "https://shell.example.com:8443",
          "null"
        }) {
      given()
          .auth()
          .oauth2(Jwts.admin("cors" + origin.length()))
          .header("Origin", origin)
          .get(PROBE)
          .then()
          .statusCode(200)
          .header("Access-Control-Allow-Origin", nullValue())
          .header("Vary", "Origin");
    }
  }
}
