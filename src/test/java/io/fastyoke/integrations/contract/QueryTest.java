package io.fastyoke.integrations.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What queries select at their edges. */
@QuarkusTest
@QuarkusTestResource(TestPostgres.class)
class QueryTest {
  private static final String EVENTS = "/api/v1/tenant/event-log";

  private final Api api = Api.fresh();

  @BeforeEach
  void oneFailedRun() {
    api.fire(Api.action(api.rest(), "/status/500")).then().statusCode(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1969-12-31T23:59:59Z", "0001-01-01T00:00:00Z"})
  void aTimeBefore1970IsBeforeEverything(String early) {
    api.as().get(Api.RUNS + "?until=" + early).then().body("$", hasSize(0));
    api.as().get(Api.RUNS + "?since=" + early).then().body("$", hasSize(1));
    api.as().get(EVENTS + "?event_type=WEBHOOK&until=" + early).then().body("$", hasSize(0));
    api.as().get(EVENTS + "?event_type=WEBHOOK&since=" + early).then().body("$", hasSize(1));
    replay(Map.of("until", early), 0);
    replay(Map.of("since", early), 1);
  }

  private void replay(Map<String, Object> filter, int selected) {
    api.as()
        .body(Api.with(filter, "dry_run", true))
        .post(Api.RUNS + "/replay")
        .then()
        .statusCode(200)
        .body("count", equalTo(selected));
  }

  /** As some clients send them, and as the contract itself writes them. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        Api.CONNECTIONS + "?provider=&limit=&cursor=&q=",
        Api.RUNS + "?job_id=&status=&connection_id=&since=&until=&limit=&cursor=",
        EVENTS
            + "?job_id=&run_id=&connection_id=&provider=&outcome=failure&event_type=&limit=&cursor"
      })
  void anEmptyParameterIsAbsent(String address) {
    assertThat(api.as().get(address).jsonPath().getList("$")).hasSize(1);
  }

  @Test
  void anEmptyParameterIsAbsentInSumsToo() {
    api.as().get("/api/v1/tenant/usage?since=&until=&bucket=&group_by=").then().statusCode(200);
    api.as().get(EVENTS + "/summary?job_id=").then().body("webhooks.failed", equalTo(1));
    api.as()
        .get("/api/v1/tenant/stats?since=&until=&bucket=&connection_id=")
        .then()
        .statusCode(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-1", "201", "x"})
  void aLimitOutsideOfItsRangeIsRefused(String limit) {
    api.as()
        .get(Api.RUNS + "?limit=" + limit)
        .then()
        .statusCode(400)
        .body("details.fields[0].field", equalTo("limit"));
  }
}
