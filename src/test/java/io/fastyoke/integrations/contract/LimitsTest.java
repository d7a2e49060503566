package io.fastyoke.integrations.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import io.fastyoke.integrations.contract.Receiver.Arrival;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What a connection's settings promise its receiver. */
@QuarkusTest
@QuarkusTestResource(TestPostgres.class)
class LimitsTest {
  private final Api api = Api.fresh();

  private List<Arrival> arrivals() {
    return TestPostgres.receiver().at(api.tenant());
  }

  private String limited(String setting, int value) {
    String connection = api.rest();
    set(connection, Map.of("settings", Map.of(setting, value)));
    return connection;
  }

  private void set(String connection, Map<String, ?> change) {
    api.as().body(change).patch(Api.CONNECTIONS + "/" + connection).then().statusCode(200);
  }

  private String status(String connection) {
    return api.as().get(Api.CONNECTIONS + "/" + connection).jsonPath().getString("status");
  }

  /** Runs of different jobs, accepted and not waited for. */
  private List<String> accept(int count, String connection, String path) {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ids.add(
          api.as()
              .body(Api.run("job-" + UUID.randomUUID(), List.of(Api.action(connection, path))))
              .post(Api.RUNS)
              .then()
              .statusCode(202)
              .extract()
              .path("id"));
    }
    return ids;
  }

  private void succeed(List<String> ids) {
    ids.forEach(id -> assertThat(api.finished(id).getString("status")).isEqualTo("succeeded"));
  }

  @Test
  void neverMoreInFlightThanAllowed() {
    String connection = limited("max_in_flight", 2);
    succeed(accept(12, connection, "/slow/50"));
    assertThat(arrivals()).hasSize(12);
    assertThat(TestPostgres.receiver().mostAtOnce(api.tenant())).isEqualTo(2);
  }

  @Test
  void neverMoreASecondThanAllowed() {
    String connection = limited("max_per_second", 10);
    succeed(accept(25, connection, "/x"));
    List<Long> times = arrivals().stream().map(Arrival::nanos).sorted().toList();
    assertThat(times).hasSize(25);
    for (int i = 10; i < times.size(); i++) {
      assertThat(times.get(i) - times.get(i - 10)).isGreaterThan(950_000_000L);
    }
  }

  @Test
  void severalActionsOfOneRunPassTheGateInOrder() {
    String connection = limited("max_in_flight", 1);
    Response run =
        api.fire(
            Api.action(connection, "/1"),
            Api.action(api.rest(), "/2"),
            Api.action(connection, "/3"),
            Api.action(connection, "/4"));
    run.then().body("status", equalTo("succeeded"));
    assertThat(arrivals().stream().map(a -> a.path().substring(a.path().lastIndexOf('/') + 1)))
        .containsExactly("1", "2", "3", "4");
    assertThat(api.charged()).isEqualTo(4);
  }

  @Test
  void retriesPassTheGateToo() {
    String connection = limited("max_in_flight", 1);
    Map<String, Object> retry = Map.of("max_attempts", 3, "backoff_ms", 1);
    api.fire(Api.with(Api.action(connection, "/status/503"), "retry", retry))
        .then()
        .body("actions[0].attempts", equalTo(3));
    succeed(accept(1, connection, "/x"));
  }

  @Test
  void aLiftedLimitLetsEverythingThrough() {
    String connection = limited("max_per_second", 1);
    List<String> ids = accept(100, connection, "/x");
    set(connection, Map.of("settings", Map.of("max_per_second", 100_000)));
    succeed(ids);
  }

  @Test
  void whatWaitsAtTheGateOfADeletedOrPausedConnectionFails() {
    String deleted = limited("max_per_second", 1);
    String paused = limited("max_per_second", 1);
    List<String> first = accept(5, deleted, "/x");
    List<String> second = accept(5, paused, "/x");
    api.as().delete(Api.CONNECTIONS + "/" + deleted).then().statusCode(204);
    set(paused, Map.of("status", "paused"));
    assertThat(api.finished(first.get(4)).getString("actions[0].error.code"))
        .isEqualTo("connection_not_found");
    assertThat(api.finished(second.get(4)).getString("actions[0].error.code"))
        .isEqualTo("connection_paused");
  }

  @Test
  void whatWaitsAtAGateCanBeCancelled() {
    String connection = limited("max_per_second", 1);
    List<String> ids = accept(50, connection, "/x");
    api.as()
        .post(Api.RUNS + "/" + ids.get(49) + "/cancel")
        .then()
        .statusCode(200)
        .body("status", equalTo("cancelled"));
  }

  @Test
  void failuresPauseAConnectionAndOneTrialResumesIt() throws SQLException {
    String connection = limited("pause_after_failures", 3);
    for (int i = 0; i < 3; i++) {
      assertThat(status(connection)).isEqualTo("active");
      api.fire(Api.action(connection, "/status/500"));
    }
    assertThat(status(connection)).isEqualTo("paused");
    api.fire(Api.action(connection, "/ok"))
        .then()
        .body("actions[0].error.code", equalTo("connection_paused"));

    trialIsDue(connection);
    api.fire(Api.action(connection, "/status/500"))
        .then()
        .body("actions[0].error.code", equalTo("http_status"));
    api.fire(Api.action(connection, "/ok"))
        .then()
        .body("actions[0].error.code", equalTo("connection_paused"));

    trialIsDue(connection);
    api.fire(Api.action(connection, "/ok")).then().body("status", equalTo("succeeded"));
    assertThat(status(connection)).isEqualTo("active");
    assertThat(api.charged()).isEqualTo(5);
  }

  @Test
  void nobodyTriesAConnectionThatAPersonPaused() throws SQLException {
    String connection = limited("pause_after_failures", 1);
    api.fire(Api.action(connection, "/status/500"));
    set(connection, Map.of("status", "paused"));
    trialIsDue(connection);
    api.fire(Api.action(connection, "/ok"))
        .then()
        .body("actions[0].error.code", equalTo("connection_paused"));
  }

  /** A minute passes, for the trial of one connection that has one. */
  private static void trialIsDue(String connection) throws SQLException {
    try (Connection database = TestPostgres.server().getPostgresDatabase().getConnection();
        PreparedStatement update =
            database.prepareStatement(
                "UPDATE connections SET trial_at = now() WHERE id = ?::uuid AND trial_at IS NOT NULL")) {
      update.setString(1, connection);
      update.executeUpdate();
    }
  }
}
