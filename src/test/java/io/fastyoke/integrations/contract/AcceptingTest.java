package io.fastyoke.integrations.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import io.fastyoke.integrations.contract.Receiver.Arrival;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a caller is told when a run is accepted, and what order it may ask for. */
@QuarkusTest
@QuarkusTestResource(TestPostgres.class)
class AcceptingTest {
  private static final Map<String, Object> LATER =
      Map.of("max_attempts", 2, "backoff_ms", 3_600_000);

  private final Api api = Api.fresh();

  @Test
  void whoDoesNotWaitIsToldWhereTheRunIs() {
    Response accepted =
        api.as().body(Api.run("j", List.of(Api.action(api.rest(), "/slow/300")))).post(Api.RUNS);
    String id =
        accepted.then().statusCode(202).body("finished_at", nullValue()).extract().path("id");
    assertThat(accepted.header("Location")).endsWith(Api.RUNS + "/" + id);
    api.as().get(accepted.header("Location")).then().statusCode(200).body("id", equalTo(id));
    assertThat(api.finished(id).getString("status")).isEqualTo("succeeded");
  }

  @Test
  void whoWaitsForLessThanTheRunTakesIsToldThatItIsAccepted() {
    Response accepted =
        api.as()
            .header("Prefer", "wait=1")
            .body(Api.run("j", List.of(Api.action(api.rest(), "/slow/2000"))))
            .post(Api.RUNS);
    String id = accepted.then().statusCode(202).extract().path("id");
    assertThat(api.finished(id).getString("status")).isEqualTo("succeeded");
    assertThat(TestPostgres.receiver().at(api.tenant())).hasSize(1);
  }

  @Test
  void aRunWithoutOrderGoesAheadOfEarlierOnesOfItsJob() {
    String rest = api.rest();
    String first = accept(Map.of("actions", List.of(waits(rest))));
    String behind = accept(Map.of("actions", List.of(Api.action(rest, "/behind"))));
    String ahead =
        accept(Map.of("actions", List.of(Api.action(rest, "/ahead")), "ordering", "none"));
    assertThat(api.finished(ahead).getString("status")).isEqualTo("succeeded");
    assertThat(api.as().get(Api.RUNS + "/" + behind).jsonPath().getString("status"))
        .isEqualTo("pending");
    api.as().post(Api.RUNS + "/" + first + "/cancel").then().statusCode(200);
    assertThat(api.finished(behind).getString("status")).isEqualTo("succeeded");
    assertThat(TestPostgres.receiver().at(api.tenant()).stream().map(Arrival::path))
        .extracting(path -> path.substring(path.lastIndexOf('/')))
        .containsExactly("/429", "/ahead", "/behind");
  }

  @Test
  void jobsDoNotWaitForEachOther() {
    String rest = api.rest();
    accept(Map.of("actions", List.of(waits(rest))));
    api.fire(Api.action(rest, "/other")).then().body("status", equalTo("succeeded"));
  }

  /** Its next attempt is an hour away. */
  private static Map<String, Object> waits(String connection) {
    return Api.with(Api.action(connection, "/status/429"), "retry", LATER);
  }

  private String accept(Map<String, Object> fields) {
    Map<String, Object> run = new HashMap<>(Api.run("one", List.of()));
    run.putAll(fields);
    return api.as().body(run).post(Api.RUNS).then().statusCode(202).extract().path("id");
  }

  /** They are one list (RFC 9110, section 5.2), of which the first wait counts (RFC 7240, 2). */
  @Test
  void preferencesMayStandOnSeveralLines() {
    api.as()
        .header("Prefer", "respond-async")
        .header("Prefer", "wait=20")
        .header("Prefer", "wait=0")
        .body(Api.run("prefers", java.util.List.of(Api.action(api.rest(), "/p"))))
        .post(Api.RUNS)
        .then()
        .statusCode(200)
        .header("Preference-Applied", org.hamcrest.Matchers.equalTo("wait=20"));
  }
}
