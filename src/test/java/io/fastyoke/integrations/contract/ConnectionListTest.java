package io.fastyoke.integrations.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Connections by status and by ids, and the numbers of many of them. */
@QuarkusTest
@QuarkusTestResource(TestPostgres.class)
class ConnectionListTest {
  private static final String STATS = "/api/v1/tenant/stats/connections";

  private final Api api = Api.fresh();

  @Test
  void findsThemByTheirStatus() {
    String fine = api.rest();
    String failing = api.rest();
    String paused = api.rest();
    api.fire(Api.action(failing, "/fine"));
    api.fire(Api.action(failing, "/status/500"));
    api.fire(Api.action(fine, "/status/500"));
    api.fire(Api.action(fine, "/fine"));
    api.as().body(Map.of("status", "paused")).patch(Api.CONNECTIONS + "/" + paused);
    assertThat(found("status", "active")).containsExactly(failing, fine);
    assertThat(found("status", "failing")).containsExactly(failing);
    assertThat(found("status", "paused")).containsExactly(paused);
    assertThat(found("status", "unreadable")).isEmpty();
  }

  @Test
  void findsThoseOfSomeIdsThatExistAndAreTheTenants() {
    String one = api.rest();
    String two = api.rest();
    api.rest();
    String ids = String.join(",", one, UUID.randomUUID().toString(), two, Api.fresh().rest());
    assertThat(found("ids", ids)).containsExactly(two, one);
  }

  @Test
  void keepsTheFilterOnTheNextPage() {
    String one = api.rest();
    String two = api.rest();
    api.rest();
    String link =
        api.as()
            .queryParam("ids", one + "," + two)
            .queryParam("limit", 1)
            .get(Api.CONNECTIONS)
            .then()
            .body("id", contains(two))
            .extract()
            .header("Link");
    String next = link.substring(1, link.indexOf('>'));
    api.as().urlEncodingEnabled(false).get(next).then().body("id", contains(one));
  }

  @ParameterizedTest
  @CsvSource({"status, broken", "ids, nonsense", "ids, ','"})
  void refusesWhatItCannotRead(String name, String value) {
    api.as().queryParam(name, value).get(Api.CONNECTIONS).then().statusCode(400);
  }

  @Test
  void refusesMoreIdsThanItLooksUp() {
    String ids = String.join(",", Collections.nCopies(101, UUID.randomUUID().toString()));
    api.as().queryParam("ids", ids).get(Api.CONNECTIONS).then().statusCode(400);
    api.as().queryParam("ids", ids).get(STATS).then().statusCode(400);
    api.as().get(STATS).then().statusCode(200).body("$", hasSize(0));
  }

  @Test
  void countsManyAtOnce() {
    String one = api.rest();
    String two = api.rest();
    String idle = api.rest();
    api.fire(Api.action(one, "/fine"));
    api.fire(Api.action(one, "/status/500"));
    api.fire(Api.action(two, "/fine"));
    api.as()
        .queryParam("ids", String.join(",", one, two, idle))
        .get(STATS)
        .then()
        .statusCode(200)
        .body("$", hasSize(2))
        .body("find { it.connection_id == '" + one + "' }.totals.succeeded", equalTo(1))
        .body("find { it.connection_id == '" + one + "' }.totals.failed", equalTo(1))
        .body("find { it.connection_id == '" + two + "' }.totals.failed", equalTo(0))
        .body("find { it.connection_id == '" + two + "' }.buckets.succeeded.sum()", equalTo(1));
  }

  @Test
  void saysWhichCredentialsOfTwilioExcludeEachOther() {
    api.as()
        .get("/api/v1/tenant/providers")
        .then()
        .body(
            "find { it.name == 'twilio' }.alternatives",
            contains(List.of("auth_token"), List.of("api_key_sid", "api_key_secret")))
        .body("find { it.name == 'sendgrid' }.containsKey('alternatives')", equalTo(false));
  }

  private List<String> found(String name, String value) {
    return api.as().queryParam(name, value).get(Api.CONNECTIONS).jsonPath().getList("id");
  }
}
