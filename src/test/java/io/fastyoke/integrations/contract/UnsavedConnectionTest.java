package io.fastyoke.integrations.contract;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;

import io.fastyoke.integrations.identity.Jwts;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Testing credentials before they are stored, and finding connections by name. */
@QuarkusTest
@QuarkusTestResource(TestPostgres.class)
class UnsavedConnectionTest {
  private static final String TEST = Api.CONNECTIONS + "/test";

  private final Api api = Api.fresh();

  @Test
  void testsWithTheCredentialsGivenAndStoresNothing() {
    Response answer = test("/fine");
    answer
        .then()
        .statusCode(200)
        .body("outcome", equalTo("ok"))
        .body("response_status", equalTo(200));
    assertThat(TestPostgres.receiver().at(api.tenant()).get(0).header("Authorization"))
        .isEqualTo("Bearer " + Api.SECRET);
    api.as().get(Api.CONNECTIONS).then().body("$", empty());
    Map<String, Object> event = api.events("event_type=CONNECTION_TEST").get(0);
    assertThat(event).containsEntry("connection_id", null).containsEntry("outcome", "success");
    assertThat(event.toString() + answer.asString()).doesNotContain(Api.SECRET);
  }

  @Test
  void saysThatACredentialIsRefused() {
    test("/status/401").then().statusCode(200).body("outcome", equalTo("unauthorized"));
    assertThat(api.events("event_type=CONNECTION_TEST").get(0)).containsEntry("outcome", "failure");
  }

  @Test
  void judgesTheFieldsAsWhenTheyAreStored() {
    api.as()
        .body(Map.of("provider", "twilio", "credentials", Map.of("account_sid", "AC1")))
        .post(TEST)
        .then()
        .statusCode(400)
        .body("details.fields[0].field", equalTo("credentials.account_sid"));
    api.as().body(Map.of("provider", "twilio")).post(TEST).then().statusCode(400);
    api.as()
        .body(rest("https://10.0.0.1"))
        .post(TEST)
        .then()
        .statusCode(400)
        .body("error", equalTo("blocked_address"));
    assertThat(api.events("event_type=CONNECTION_TEST")).isEmpty();
  }

  /** Each holds a connection for up to 15 s, and no limit of a connection holds for it. */
  @Test
  void onlySoManyAreUnderWayForOneTenant() throws Exception {
    ExecutorService callers = Executors.newFixedThreadPool(20);
    try {
      List<Future<Integer>> tests = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        tests.add(callers.submit(() -> test("/slow/2000").statusCode()));
      }
      List<Integer> statuses = new ArrayList<>();
      for (Future<Integer> one : tests) {
        statuses.add(one.get());
      }
      assertThat(statuses).contains(200, 429).containsOnly(200, 429);
      assertThat(TestPostgres.receiver().mostAtOnce(api.tenant())).isLessThanOrEqualTo(8);
    } finally {
      callers.shutdownNow();
    }
    test("/fine").then().statusCode(200);
  }

  @Test
  void isForAdministratorsOnly() {
    given()
        .header("Authorization", "Bearer " + Jwts.person(api.tenant(), "operator"))
        .contentType("application/json")
        .body(rest(TestPostgres.receiver().url()))
        .post(TEST)
        .then()
        .statusCode(403);
  }

  @Test
  void findsConnectionsByAPartOfTheNameOrTheWholeId() {
    String id = named("Billing 100% EU");
    String other = named("Billing US");
    assertThat(found("bILLING")).containsExactlyInAnyOrder(id, other);
    assertThat(found("100% e")).containsExactly(id);
    assertThat(found("%_%")).isEmpty();
    assertThat(found(other.toUpperCase(Locale.ROOT))).containsExactly(other);
    assertThat(found(" ")).hasSize(2);
  }

  private List<String> found(String search) {
    return api.as().queryParam("q", search).get(Api.CONNECTIONS).jsonPath().getList("id");
  }

  private String named(String name) {
    Map<String, Object> body = new HashMap<>(rest(TestPostgres.receiver().url()));
    body.put("connection_name", name);
    return api.as().body(body).post(Api.CONNECTIONS).then().statusCode(201).extract().path("id");
  }

  private Response test(String path) {
    return api.as()
        .body(rest(TestPostgres.receiver().url() + "/" + api.tenant() + path))
        .post(TEST);
  }

  private static Map<String, Object> rest(String url) {
    return Map.of(
        "provider",
        "generic_rest",
        "credentials",
        Map.of("base_url", url, "auth_header", "Bearer " + Api.SECRET));
  }
}
