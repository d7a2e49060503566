package io.fastyoke.integrations.contract;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.lessThanOrEqualTo;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import io.fastyoke.integrations.identity.Jwts;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(TestPostgres.class)
class StatsTest {
  private static final String STATS = "/api/v1/tenant/stats";

  private final Api api = Api.fresh();

  @Test
  void countsEachActionOnceHoweverOftenItWasTried() {
    String rest = api.rest();
    String other = api.rest();
    Map<String, Object> retry = Map.of("max_attempts", 3, "backoff_ms", 1);
    api.fire(Api.action(rest, "/a"));
    api.fire(
        Api.with(Api.action(rest, "/status/503"), "retry", retry), Api.action(rest, "/skipped"));
    api.fire(Api.action(other, "/status/500"));
    api.fire(Api.action(other, "/status/500"));
    api.as()
        .get(STATS)
        .then()
        .statusCode(200)
        .body("totals.succeeded", equalTo(1))
        .body("totals.failed", equalTo(3))
        .body("totals.skipped", equalTo(1))
        .body("p50_ms", notNullValue())
        .body("failing.connection_id", contains(other, rest))
        .body("failing.failed", contains(2, 1))
        .body("failing.succeeded", contains(0, 1))
        .body("buckets.failed.sum()", equalTo(3))
        .body("buckets.size()", lessThanOrEqualTo(2));
    Instant bucket = Instant.parse(api.as().get(STATS).jsonPath().getString("buckets[0].bucket"));
    assertThat(bucket).isEqualTo(bucket.truncatedTo(ChronoUnit.HOURS));
  }

  @Test
  void countsOneConnectionOnly() {
    String rest = api.rest();
    api.fire(Api.action(rest, "/a"));
    api.fire(Api.action(api.rest(), "/status/500"));
    api.as()
        .queryParam("connection_id", rest)
        .get(STATS)
        .then()
        .body("totals.succeeded", equalTo(1))
        .body("totals.failed", equalTo(0))
        .body("failing", empty());
  }

  @Test
  void countsWithinTheTimeAskedFor() {
    api.fire(Api.action(api.rest(), "/a"));
    api.as()
        .queryParam("until", Instant.now().minusSeconds(3600).toString())
        .get(STATS)
        .then()
        .statusCode(200)
        .body("totals.succeeded", equalTo(0))
        .body("p50_ms", nullValue())
        .body("buckets", empty());
  }

  @Test
  void seesNothingOfAnotherTenant() {
    String rest = api.rest();
    api.fire(Api.action(rest, "/a"));
    Api stranger = Api.fresh();
    for (String query : new String[] {"", "?connection_id=" + rest}) {
      stranger.as().get(STATS + query).then().body("totals.succeeded", equalTo(0));
    }
  }

  @Test
  void asksForThePermissionOfTheEventLogAndRefusesWhatIsTooLong() {
    given().get(STATS).then().statusCode(401);
    given()
        .header("Authorization", "Bearer " + Jwts.person(api.tenant(), "operator"))
        .get(STATS)
        .then()
        .statusCode(200);
    given()
        .header("Authorization", "Bearer " + Jwts.machine("[\"workflow:execute\"]"))
        .get(STATS)
        .then()
        .statusCode(403);
    api.as()
        .queryParam("since", Instant.now().minus(40, ChronoUnit.DAYS).toString())
        .get(STATS)
        .then()
        .statusCode(400)
        .body("details.fields[0].field", equalTo("since"));
    api.as().queryParam("bucket", "week").get(STATS).then().statusCode(400);
  }
}
