package io.fastyoke.integrations.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What failed is fired again as often as it is asked for, and not once more. */
@QuarkusTest
@QuarkusTestResource(TestPostgres.class)
class ReplayTest {
  private final Api api = Api.fresh();
  private String connection;

  @BeforeEach
  void connect() {
    connection = api.rest();
  }

  private String failed() {
    return api.fire(Api.action(connection, "/status/500"))
        .then()
        .statusCode(200)
        .extract()
        .path("id");
  }

  private Response replay(Map<String, ?> filter) {
    return replay(api.as(), filter);
  }

  private static Response replay(RequestSpecification as, Map<String, ?> filter) {
    return as.body(filter).post(Api.RUNS + "/replay");
  }

  private RequestSpecification keyed(String key) {
    return api.as().header("Idempotency-Key", key);
  }

  /** The originals of the new runs, once those are finished. */
  private List<String> originals(Response answer) {
    JsonPath body = answer.then().statusCode(202).extract().jsonPath();
    assertThat(body.getInt("count")).isEqualTo(body.getList("runs").size());
    ids(answer).forEach(api::finished);
    return body.getList("runs.replay_of");
  }

  private static List<String> ids(Response answer) {
    return answer.jsonPath().getList("runs.id");
  }

  private int count() {
    return replay(Map.of("dry_run", true)).then().statusCode(200).extract().path("count");
  }

  private int arrivals() {
    return TestPostgres.receiver().at(api.tenant()).size();
  }

  @Test
  void aReplayedRunIsNotSelectedAgainButItsReplayIs() {
    List<String> runs = List.of(failed(), failed());
    assertThat(count()).isEqualTo(2);
    Response first = replay(Map.of());
    assertThat(originals(first)).isEqualTo(runs);
    assertThat(count()).isEqualTo(2);
    assertThat(originals(replay(Map.of()))).isEqualTo(ids(first));
    assertThat(arrivals()).isEqualTo(6);
  }

  @Test
  void ofSeveralReplaysTheNewestCounts() {
    String run = failed();
    String path = Api.RUNS + "/" + run + "/replay";
    RequestSpecification waiting = api.as().header("Prefer", "wait=20");
    waiting.post(path).then().statusCode(200);
    String newest =
        api.as().header("Prefer", "wait=20").post(path).then().statusCode(200).extract().path("id");
    assertThat(originals(replay(Map.of()))).containsExactly(newest);
  }

  @Test
  void whatSucceededWhenReplayedIsDone() {
    String paused = api.rest();
    api.as().body(Map.of("status", "paused")).patch(Api.CONNECTIONS + "/" + paused);
    api.fire(Api.action(paused, "/fine")).then().body("status", equalTo("failed"));
    api.as().body(Map.of("status", "active")).patch(Api.CONNECTIONS + "/" + paused);
    assertThat(originals(replay(Map.of()))).hasSize(1);
    replay(Map.of()).then().statusCode(202).body("count", equalTo(0)).body("more", equalTo(false));
    assertThat(arrivals()).isEqualTo(1);
  }

  @Test
  void theSameKeyGivesTheSameRuns() {
    List<String> runs = List.of(failed(), failed());
    Response first = replay(keyed("k"), Map.of());
    assertThat(originals(first)).isEqualTo(runs);
    String later = failed();
    Response second = replay(keyed("k"), Map.of());
    assertThat(ids(second)).isEqualTo(ids(first));
    assertThat(arrivals()).isEqualTo(5);
    assertThat(originals(replay(keyed("other"), Map.of())))
        .containsExactlyInAnyOrder(ids(first).get(0), ids(first).get(1), later);
  }

  @Test
  void theSameKeyWithAnotherFilterIsRefused() {
    failed();
    assertThat(originals(replay(keyed("k"), Map.of()))).hasSize(1);
    replay(keyed("k"), Map.of("job_id", "j"))
        .then()
        .statusCode(422)
        .body("error", equalTo("idempotency_key_reused"));
    replay(keyed("k".repeat(256)), Map.of()).then().statusCode(400);
  }

  /** As after a call whose answer was lost in the middle. */
  @Test
  void theSameKeyGoesOnWhereTheFirstCallStopped() throws SQLException {
    List<String> runs = List.of(failed(), failed(), failed());
    Response first = replay(keyed("k"), Map.of());
    originals(first);
    sql("DELETE FROM action_runs WHERE id = ?::uuid", ids(first).get(2));
    Response second = replay(keyed("k"), Map.of());
    assertThat(originals(second)).isEqualTo(runs);
    assertThat(ids(second).subList(0, 2)).isEqualTo(ids(first).subList(0, 2));
    assertThat(arrivals()).isEqualTo(7);
  }

  @Test
  void callsAtOnceReplayARunOnce() {
    Set<String> runs = Set.of(failed(), failed(), failed());
    Set<String> seen = ConcurrentHashMap.newKeySet();
    String until = java.time.Instant.now().plusMillis(1).toString();
    IntStream.range(0, 8).parallel().forEach(i -> seen.addAll(ids(replay(Map.of("until", until)))));
    seen.forEach(api::finished);
    assertThat(seen).hasSameSizeAs(runs);
    assertThat(arrivals()).isEqualTo(6);
  }

  @Test
  void aCancelledRunIsSelectedForWhatItSkipped() throws SQLException {
    String skipped =
        api.fire(Api.action(connection, "/status/500"), Api.action(connection, "/b"))
            .then()
            .extract()
            .path("id");
    String succeeded = api.fire(Api.action(connection, "/b")).then().extract().path("id");
    for (String id : List.of(skipped, succeeded)) {
      sql("UPDATE action_runs SET status = 'cancelled' WHERE id = ?::uuid", id);
    }
    assertThat(originals(replay(Map.of("status", "cancelled")))).containsExactly(skipped);
  }

  @Test
  void aCallReplaysAThousandTheOldestFirstAndSaysThatThereAreMore() throws SQLException {
    String model = failed();
    copies(model, 1_001);
    replay(Map.of("dry_run", true))
        .then()
        .body("count", equalTo(1_002))
        .body("more", equalTo(false))
        .body("runs", hasSize(0));
    Response first = replay(Map.of("status", "failed", "until", "2100-01-01T00:00:00Z"));
    first.then().statusCode(202).body("more", equalTo(true)).body("count", equalTo(1_000));
    List<String> originals = first.jsonPath().getList("runs.replay_of");
    assertThat(originals).isSorted().doesNotContain(model);
    Set<String> all = new HashSet<>(originals);
    ids(first).forEach(api::finished);
    Response second = replay(Map.of("until", "2020-01-02T00:00:00Z"));
    second.then().body("more", equalTo(false)).body("count", equalTo(1));
    assertThat(all).doesNotContainAnyElementsOf(originals(second));
  }

  /** Of 1 January 2020. */
  private static void copies(String run, int count) throws SQLException {
    sql(
        """
        INSERT INTO action_runs (id, tenant_id, ordered, request, actions, connection_ids, status, created_at, finished_at)
        SELECT ('016f5e66-e800-7000-8000-' || lpad(to_hex(i), 12, '0'))::uuid, tenant_id, false, request, actions,
          connection_ids, status, created_at, finished_at
        FROM action_runs, generate_series(1, %d) i WHERE id = ?::uuid
        """
            .formatted(count),
        run);
  }

  private static void sql(String statement, String parameter) throws SQLException {
    try (Connection database = TestPostgres.server().getPostgresDatabase().getConnection();
        PreparedStatement prepared = database.prepareStatement(statement)) {
      prepared.setString(1, parameter);
      assertThat(prepared.executeUpdate()).isPositive();
    }
  }

  @Test
  void aDryRunCountsAHundredThousandAtMost() throws SQLException {
    copies(failed(), 100_001);
    replay(Map.of("dry_run", true))
        .then()
        .statusCode(200)
        .body("count", equalTo(100_000))
        .body("more", equalTo(true));
    sql("DELETE FROM action_runs WHERE tenant_id = ?", api.tenant());
  }
}
