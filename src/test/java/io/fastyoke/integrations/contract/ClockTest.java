package io.fastyoke.integrations.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import com.sun.net.httpserver.HttpExchange;
import io.fastyoke.integrations.support.LoopbackServer;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import jakarta.enterprise.inject.Alternative;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The service's clock is an hour fast or slow. Leases and retries are a matter of the database's
 * clock, and a receiver's dates one of the receiver's.
 */
@QuarkusTest
@TestProfile(ClockTest.WrongClock.class)
@QuarkusTestResource(TestPostgres.class)
class ClockTest {
  private static final Duration LEASE = Duration.ofSeconds(45);

  /** With a clock that the test sets. */
  public static final class WrongClock implements QuarkusTestProfile {
    @Override
    public Set<Class<?>> getEnabledAlternatives() {
      return Set.of(Wrong.class);
    }
  }

  /** The time of day, and some. */
  @Alternative
  @Singleton
  public static class Wrong implements InstantSource {
    private static volatile Duration by = Duration.ZERO;

    @Override
    public Instant instant() {
      return Instant.now().plus(by);
    }
  }

  private final Api api = Api.fresh();

  @AfterEach
  void rightClock() {
    Wrong.by = Duration.ZERO;
    TestPostgres.execute(
        "DELETE FROM action_runs WHERE finished_at IS NULL AND tenant_id = '" + api.tenant() + "'");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, -1})
  void aLeaseEndsByTheDatabasesClock(int hours) {
    String connection = api.rest();
    String model = api.fire(Api.action(connection, "/x")).then().extract().path("id");
    Wrong.by = Duration.ofHours(hours);
    String live = heldBySomebodyElse(model, "now() + interval '20 seconds'");
    String lost = heldBySomebodyElse(model, "now() - interval '1 second'");
    assertThat(api.finished(lost).getString("status")).isEqualTo("succeeded");
    // Whoever comes after it is found by a later look at the queue.
    String later = heldBySomebodyElse(model, "now() - interval '1 second'");
    api.finished(later);
    assertThat(number("lease_token", live)).isEqualTo(1);
    assertThat(TestPostgres.receiver().at(api.tenant())).hasSize(3);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, -1})
  void aLeaseIsAsLongAsEverAndAJumpInItsMiddleIsNoMatter(int hours) {
    Wrong.by = Duration.ofHours(hours);
    String run =
        api.as()
            .body(Api.run("job", List.of(Api.action(api.rest(), "/slow/700"))))
            .post(Api.RUNS)
            .then()
            .statusCode(202)
            .extract()
            .path("id");
    Duration lease = Duration.ofSeconds(number("extract(epoch FROM due_at - now())::bigint", run));
    assertThat(lease).isBetween(LEASE.minusSeconds(5), LEASE);
    Wrong.by = Duration.ofHours(-hours);
    assertThat(api.finished(run).getString("status")).isEqualTo("succeeded");
    assertThat(TestPostgres.receiver().at(api.tenant())).hasSize(1);
    assertThat(api.charged()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, -1})
  void aRetryIsNeitherStuckNorEarly(int hours) {
    Wrong.by = Duration.ofHours(hours);
    Map<String, Object> retry = Map.of("max_attempts", 3, "backoff_ms", 200);
    api.fire(Api.with(Api.action(api.rest(), "/status/503"), "retry", retry))
        .then()
        .statusCode(200)
        .body("actions[0].attempts", equalTo(3));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, -1})
  void aDateOfTheReceiverIsReadByTheReceiversClock(int hours) throws IOException {
    List<Instant> arrivals = new ArrayList<>();
    LoopbackServer busy =
        LoopbackServer.start(exchange -> comeBackInTwoSeconds(exchange, arrivals));
    try {
      String connection =
          api.create("generic_rest", Map.of("base_url", busy.url()))
              .then()
              .statusCode(201)
              .extract()
              .path("id");
      Wrong.by = Duration.ofHours(hours);
      api.fire(Api.with(Api.action(connection, "/x"), "retry", Map.of("max_attempts", 2)))
          .then()
          .statusCode(200)
          .body("actions[0].attempts", equalTo(2))
          .body("status", equalTo("succeeded"));
    } finally {
      busy.close();
    }
    // Dates have whole seconds.
    assertThat(Duration.between(arrivals.get(0), arrivals.get(1)))
        .isGreaterThan(Duration.ofMillis(900));
  }

  /** The server adds its own {@code Date}. */
  private static void comeBackInTwoSeconds(HttpExchange exchange, List<Instant> arrivals)
      throws IOException {
    Instant now = Instant.now();
    arrivals.add(now);
    Instant then = now.truncatedTo(ChronoUnit.SECONDS).plusSeconds(2);
    exchange
        .getResponseHeaders()
        .set(
            "Retry-After",
            DateTimeFormatter.RFC_1123_DATE_TIME.format(then.atOffset(ZoneOffset.UTC)));
    exchange.sendResponseHeaders(arrivals.size() == 1 ? 503 : 200, -1);
    exchange.close();
  }

  @Test
  void theRateOfAConnectionIsKeptByTheDatabasesClock() {
    String connection = api.rest();
    api.as()
        .body(Map.of("settings", Map.of("max_per_second", 5)))
        .patch(Api.CONNECTIONS + "/" + connection)
        .then()
        .statusCode(200);
    Wrong.by = Duration.ofHours(-1);
    List<String> runs = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      Wrong.by = Wrong.by.negated();
      runs.add(
          api.as()
              .body(Api.run("job-" + i, List.of(Api.action(connection, "/x"))))
              .post(Api.RUNS)
              .then()
              .statusCode(202)
              .extract()
              .path("id"));
    }
    runs.forEach(run -> assertThat(api.finished(run).getString("status")).isEqualTo("succeeded"));
  }

  /** A copy of a finished run, with an attempt in flight whose lease ends then. */
  private static String heldBySomebodyElse(String model, String leaseEnd) {
    String id = UUID.randomUUID().toString();
    TestPostgres.execute(
        """
        INSERT INTO action_runs (id, tenant_id, ordered, request, actions, connection_ids, created_at, next_connection,
          status, in_flight, due_at, attempt, lease_token, lease_owner)
        SELECT '%s', tenant_id, false, request,
          replace(regexp_replace(actions, '("deliver[yI_id]*":")[^"]*', '\\1' || gen_random_uuid()),
            '"status":"succeeded"', '"status":"running"'),
          connection_ids, now(), connection_ids[1], 'running', true, %s, 1, 1, gen_random_uuid()
        FROM action_runs WHERE id = '%s'
        """
            .formatted(id, leaseEnd, model));
    return id;
  }

  private static int number(String expression, String run) {
    return TestPostgres.number(
        "SELECT " + expression + " FROM action_runs WHERE id = '" + run + "'");
  }
}
