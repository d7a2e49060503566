package io.fastyoke.integrations.http;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.not;

import io.fastyoke.integrations.identity.Jwts;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@TestProfile(Plain.class)
class ErrorEnvelopeTest {
  private static final String ID = "018f0000-0000-7000-8000-000000000000";

  @ParameterizedTest
  @CsvSource({
    "GET,    /api/v1/nothing, 404, not_found",
    "GET,    /nothing.html, 404, not_found",
    "GET,    /q/nothing, 404, not_found",
    "GET,    /api/v1/probe/, 404, not_found",
    "POST,   /api/v1/probe/caller, 405, method_not_allowed",
    "PUT,    /api/v1/probe/body, 405, method_not_allowed",
    "DELETE, /api/v1/probe/not-a-uuid, 404, not_found",
    "DELETE, /api/v1/probe/1-1-1-1-1, 404, not_found",
    "GET,    /api/v1/probe/fail/conflict, 409, version_conflict",
    "GET,    /api/v1/probe/platform, 403, forbidden",
    "GET,    /api/v1/probe/caller?tenant_id=t2, 403, tenant_mismatch",
    "GET,    /api/v1/probe/caller?x=%00, 400, validation_failed",
    "GET,    /api/v1/probe/caller;x=1/../platform, 403, forbidden",
    "GET,    /api/v1/probe/%2e%2e/probe/platform, 403, forbidden",
  })
  void everyErrorHasTheEnvelope(String method, String path, int status, String code) {
    assertEnvelope(admin().urlEncodingEnabled(false).request(method, path), status, code);
  }

  @Test
  void anIdThatIsNoUuidIsNotFoundWhateverTheBody() {
    assertEnvelope(json("{}").patch("/api/v1/probe/not-a-uuid"), 404, "not_found");
  }

  @Test
  void anotherMediaTypeIsRefusedBothWays() {
    Response sent = admin().contentType("text/plain").body("x").post("/api/v1/probe/body");
    assertEnvelope(sent, 415, "unsupported_media_type");
    Response asked = admin().accept("text/html").get("/api/v1/probe/caller");
    assertEnvelope(asked, 406, "not_acceptable");
  }

  @Test
  void aDeclaredMethodOverrideIsIgnored() {
    admin()
        .header("X-HTTP-Method-Override", "DELETE")
        .get("/api/v1/probe/" + ID)
        .then()
        .statusCode(405);
  }

  @Test
  void anInternalErrorTellsNothingButTheRequestId() {
    Response response = admin().get("/api/v1/probe/fail/badly");
    assertEnvelope(response, 500, "internal");
    String id = response.jsonPath().getString("details.request_id");
    assertThat(response.header("X-Request-Id")).isEqualTo(id).isNotEmpty();
    assertThat(response.asString())
        .doesNotContain("SELECT", "com.example", "IllegalState", "Exception");
  }

  @Test
  void anOutageSaysWhenToComeBack() {
    Response told = admin().get("/api/v1/probe/fail/unavailable");
    assertEnvelope(told, 503, "unavailable");
    told.then().header("Retry-After", "7");
    Response database = admin().get("/api/v1/probe/fail/database");
    assertEnvelope(database, 503, "unavailable");
    database.then().header("Retry-After", matchesPattern("\\d+"));
    assertThat(database.asString()).doesNotContain("10.0.0.5");
  }

  @Test
  void everyAnswerHasSecurityHeadersAndItsOwnRequestId() {
    Response good = admin().get("/api/v1/probe/caller");
    Response bad = given().get("/nothing");
    for (Response response : new Response[] {good, bad}) {
      response
          .then()
          .header("X-Content-Type-Options", "nosniff")
          .header("Referrer-Policy", "no-referrer")
          .header("X-Frame-Options", "DENY")
          .header("X-Request-Id", matchesPattern("[0-9a-f-]{36}"));
    }
    good.then().header("Cache-Control", "no-store");
    assertThat(good.header("X-Request-Id")).isNotEqualTo(bad.header("X-Request-Id"));
    bad.then().header("Content-Security-Policy", equalTo(String.join("; ", PAGE_POLICY)));
  }

  private static final String[] PAGE_POLICY = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "font-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'"
  };

  @Test
  void theFrameworksOwnPathsAnswerForThemselves() {
    given().get("/q/health/live").then().statusCode(200);
    given().get("/q/metrics").then().statusCode(200);
    given().get("/q/openapi").then().statusCode(200);
    given().get("/probe.txt").then().statusCode(200).body(equalTo("static\n"));
  }

  @Test
  void withoutSettingsNoOriginMayReadAnswers() {
    Response response =
        admin().header("Origin", "https://evil.example").get("/api/v1/probe/caller");
    response.then().statusCode(200);
    assertThat(response.headers().asList())
        .noneMatch(header -> header.getName().startsWith("Access-Control"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "null", "\n"})
  void anEmptyBodyIsMalformed(String body) {
    assertEnvelope(json(body).post("/api/v1/probe/body"), 400, "malformed_json");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{",
        "{\"name\":}",
        "{'name':'x'}",
        "{\"name\":\"x\",}",
        "{\"name\":\"x\"} trailing",
        "{\"name\":\"x\"}{}",
        "{\"name\":\"x\",\"name\":\"s3cret\"}",
        "{\"amount\":NaN}",
        "{\"amount\":01}",
        "{\"name\":\"tab\there\"}",
        "\u0000",
      })
  void malformedJsonSaysWhereAndQuotesNothing(String body) {
    Response response = json(body).post("/api/v1/probe/body");
    assertEnvelope(response, 400, "malformed_json");
    assertThat(response.asString()).doesNotContain("s3cret", "jackson", "Unexpected");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"name\":\"x\",\"name\":\"s3cret\"} | name",
        "{\"settings\":{\"timeout_ms\":1,\"timeout_ms\":2}} | settings.timeout_ms",
        "{\"steps\":[{},{\"template\":{\"a\":{\"b\":1,\"b\":\"s3cret\"}}}]} | steps[1].template.a.b",
      })
  void aRepeatedKeyIsNamed(String body, String key) {
    Response response = json(body).post("/api/v1/probe/body");
    assertEnvelope(response, 400, "malformed_json");
    assertThat(response.jsonPath().getString("message"))
        .startsWith("The key " + key + " is given twice");
    assertThat(response.asString()).doesNotContain("s3cret");
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "deflate", "br", "identity, gzip"})
  void aPackedBodyIsNotTakenForJson(String coding) {
    Response response =
        json("{\"name\":\"x\"}").header("Content-Encoding", coding).post("/api/v1/probe/body");
    assertEnvelope(response, 415, "unsupported_media_type");
    assertThat(response.jsonPath().getString("message")).contains("Content-Encoding");
    for (String none : List.of("identity", "Identity, identity", "")) {
      json("{\"name\":\"x\"}")
          .header("Content-Encoding", none)
          .post("/api/v1/probe/body")
          .then()
          .statusCode(200);
    }
  }

  @Test
  void jsonIsBoundedInDepthAndInTheLengthOfNumbers() {
    String deep = "[".repeat(70) + "]".repeat(70);
    assertEnvelope(template(deep), 400, "malformed_json");
    assertEnvelope(template("1".repeat(300)), 400, "malformed_json");
    template("[".repeat(50) + "]".repeat(50)).then().statusCode(200);
    template("1".repeat(200)).then().statusCode(200);
  }

  private static Response template(String value) {
    return json("{\"steps\":[{\"action_type\":\"a\",\"template\":" + value + "}]}")
        .post("/api/v1/probe/body");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"nam\":\"s3cret\"} | nam | is not a known field",
        "{\"settings\":{\"timout_ms\":7}} | settings.timout_ms | is not a known field",
        "{\"settings\":{\"timeoutMs\":7}} | settings.timeoutMs | is not a known field",
        "{\"steps\":[{},{\"x\":1}]} | steps[1].x | is not a known field",
        "{\"name\":12345} | name | must be a string",
        "{\"name\":true} | name | must be a string",
        "{\"name\":[\"s3cret\"]} | name | must be a string",
        "{\"settings\":\"s3cret\"} | settings | must be an object",
        "{\"settings\":[]} | settings | must be an object",
        "{\"settings\":{\"timeout_ms\":\"s3cret\"}} | settings.timeout_ms | must be a whole number within range",
        "{\"settings\":{\"timeout_ms\":\"7\"}} | settings.timeout_ms | must be a whole number within range",
        "{\"settings\":{\"timeout_ms\":7.5}} | settings.timeout_ms | must be a whole number within range",
        "{\"settings\":{\"timeout_ms\":\"\"}} | settings.timeout_ms | must be a whole number within range",
        "{\"settings\":{\"timeout_ms\":true}} | settings.timeout_ms | must be a whole number within range",
        "{\"settings\":{\"timeout_ms\":99999999999}} | settings.timeout_ms | must be a number within range",
        "{\"settings\":{\"mode\":\"s3cret\"}} | settings.mode | must be one of fast, slow",
        "{\"settings\":{\"mode\":0}} | settings.mode | must be one of fast, slow",
        "{\"steps\":{}} | steps | must be an array",
        "{\"steps\":[7]} | steps[0] | must be an object",
        "{\"at\":\"s3cret\"} | at | must be an RFC 3339 time",
        "{\"at\":1700000000} | at | must be an RFC 3339 time",
        "{\"amount\":\"1\"} | amount | must be a number",
        "{\"on\":\"true\"} | on | must be true or false",
        "{\"on\":1} | on | must be true or false",
        "[] | body | must be an object",
        "7 | body | must be an object",
        "{\"name\":\"a\\u0000b\"} | name | must not contain NUL or half of a surrogate pair",
        "{\"steps\":[{\"template\":{\"x\":[\"\\ud800\"]}}]} | steps[0].template.x[0] | must not contain NUL or half of a surrogate pair",
        "{\"steps\":[{\"action_type\":\"broken\"}]} | steps[0] | is not valid",
      })
  void aWrongFieldIsNamedAndItsValueIsNot(String body, String field, String message) {
    Response response = json(body).post("/api/v1/probe/body");
    assertEnvelope(response, 400, "validation_failed");
    response
        .then()
        .body("details.fields[0].field", equalTo(field))
        .body("details.fields[0].message", equalTo(message));
    assertThat(response.asString()).doesNotContain("s3cret", "12345", "secret-value", "jackson");
  }

  @Test
  void aProblemThatARequestTypeFindsItselfIsToldAsItIs() {
    assertEnvelope(
        json("{\"steps\":[{\"action_type\":\"refused\"}]}").post("/api/v1/probe/body"),
        400,
        "unknown_action_type");
  }

  @Test
  void whatIsGoodGoesThroughUnchanged() {
    String body =
        "{\"name\":\"\\ud83d\\ude00\",\"settings\":{\"timeout_ms\":5,\"mode\":\"fast\"},"
            + "\"at\":\"2026-11-23T01:00:00.1234+01:00\",\"amount\":1.10}";
    json(body)
        .post("/api/v1/probe/body")
        .then()
        .statusCode(200)
        .body("body.name", equalTo("\ud83d\ude00"))
        .body("body.settings.mode", equalTo("fast"))
        .body("body.at", equalTo("2026-11-23T00:00:00.123Z"))
        .body("body.on", equalTo(null))
        .body("body.keySet()", equalTo(Set.of("name", "settings", "steps", "at", "amount", "on")))
        .body(not(equalTo("")));
    assertThat(json(body).post("/api/v1/probe/body").asString())
        .contains("\"amount\":1.10")
        .contains("\"on\":null");
  }

  private static RequestSpecification admin() {
    return given().header("Authorization", "Bearer " + Jwts.admin("t1"));
  }

  private static RequestSpecification json(String body) {
    return admin().contentType(ContentType.JSON).body(body);
  }

  static void assertEnvelope(Response response, int status, String code) {
    assertThat(response.statusCode()).as(response.asString()).isEqualTo(status);
    assertThat(response.contentType()).isEqualTo("application/json");
    Map<String, Object> body = response.jsonPath().getMap("$");
    assertThat(body.keySet()).containsExactly("error", "message", "details");
    assertThat(body.get("error")).isEqualTo(code);
    assertThat(body.get("message")).asString().isNotBlank();
  }
}
