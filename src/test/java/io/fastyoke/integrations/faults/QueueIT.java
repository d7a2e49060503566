package io.fastyoke.integrations.faults;

import static io.fastyoke.integrations.support.Eventually.eventually;
import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fastyoke.integrations.faults.Plan.Script;
import io.fastyoke.integrations.faults.Plan.Step;
import io.fastyoke.integrations.faults.Plan.Target;
import io.fastyoke.integrations.process.ServicePackage;
import io.fastyoke.integrations.support.Sql;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** Two replicas share one queue: nobody in it is forgotten, and nobody waits for another tenant. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class QueueIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  /** What a replica claims at once, with the default of WORKER_CONCURRENCY. */
  private static final int PAGE = 256;

  private static final int FULL = 2 * PAGE;
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int QUEUED = 10_000;
  private static final int RACED = 5_000;
  private static final Duration NO_DELAY = Duration.ofSeconds(1);

  private static final List<Target> TARGETS = List.of(Target.REST, Target.LIMITED_REST);

  private static World world;

  @BeforeAll
  static void start() {
    world = new World();
  }

  @AfterAll
  static void stop() {
    world.close();
  }

  /** With five pages of leases in front that are still alive. */
  @Test
  void aLostLeaseIsFoundBehindManyLiveOnes() throws SQLException {
    Plan model = waiting(world.tenants().get(0), Target.REST);
    String lost = UUID.randomUUID().toString();
    copy(
        model,
        "gen_random_uuid()",
        5 * PAGE,
        "'running', true, now() + interval '10 minutes', NULL");
    copy(model, "'" + lost + "'", 1, "'running', true, now() - interval '1 second', NULL");
    eventually(
        "the run behind five pages of live leases is taken up",
        PATIENCE,
        () -> world.receiver().arrivals().stream().anyMatch(seen -> seen.run().equals(lost)));
    sql(
        "DELETE FROM action_runs WHERE finished_at IS NULL AND due_at > now() + interval '5 minutes'");
  }

  /**
   * Every request of the busy tenant hangs until its attempt is over, and a gate of its own is
   * crowded as well.
   */
  @Test
  void tenThousandRunsOfOneTenantDoNotDelayAnother() throws Exception {
    Plan model = waiting(world.tenants().get(1), Target.REST);
    Plan gated = waiting(world.tenants().get(1), Target.LIMITED_REST);
    Tenant small = world.tenants().get(2);
    for (Target target : TARGETS) {
      finished(plan(small, target, Script.OK, null), 0);
      finished(plan(small, target, Script.OK, null), 1);
    }
    copy(model, "gen_random_uuid()", QUEUED, "'pending', false, now(), NULL");
    copy(gated, "gen_random_uuid()", QUEUED, "'pending', false, NULL, next_connection");
    eventually(
        "the replicas fill up",
        PATIENCE,
        () -> count("in_flight AND tenant_id = '" + model.tenant().name() + "'") >= FULL);
    if (!ServicePackage.isNative()) {
      // Not measured: a JVM that has just started still interprets what hundreds of attempts need.
      for (int count = 0; count < 3; count++) {
        finished(plan(small, TARGETS.get(0), Script.OK, null), count % 2);
      }
    }
    List<Duration> delays = new ArrayList<>();
    for (int count = 0; count < 12; count++) {
      Plan plan = plan(small, TARGETS.get(count / 2 % 2), Script.OK, null);
      Instant asked = Instant.now();
      finished(plan, count % 2);
      Duration delay = Duration.between(asked, arrived(plan));
      System.out.println("[queue] behind 10,000 runs: " + delay.toMillis() + " ms");
      delays.add(delay);
    }
    // In turn, it were minutes.
    assertThat(delays).allMatch(delay -> delay.compareTo(NO_DELAY) < 0);
    assertThat(count("tenant_id = '" + model.tenant().name() + "' AND due_at < now()"))
        .as("still queued")
        .isPositive();
    sql("DELETE FROM action_runs WHERE finished_at IS NULL AND NOT in_flight");
  }

  /** Both replicas are at the same runs all the time, and each run is one's or the other's. */
  @Test
  @Order(Integer.MAX_VALUE) // what it leaves behind is nothing to measure others in
  void twoReplicasTakeEachRunOnce() throws Exception {
    Plan model = waiting(world.tenants().get(0), Target.REST, Script.OK);
    List<Double> before = List.of(attempts(0), attempts(1));
    copy(model, "gen_random_uuid()", RACED, "'pending', false, now(), NULL");
    String raced =
        "created_at = (SELECT max(created_at) FROM action_runs) AND ordered = false AND ";
    eventually("the runs are taken up", PATIENCE, () -> count(raced + "finished_at IS NULL") == 0);
    assertThat(count(raced + "status = 'succeeded'")).isEqualTo(RACED);
    Map<String, Long> arrivals =
        world.receiver().arrivals().stream()
            .filter(seen -> seen.key().equals(model.key()))
            .collect(groupingBy(seen -> seen.run() + " " + seen.attempt(), counting()));
    assertThat(arrivals).hasSizeGreaterThanOrEqualTo(RACED);
    assertThat(arrivals.values()).as("each attempt of each run, once").containsOnly(1L);
    assertThat(attempts(0) - before.get(0)).as("of the first replica").isPositive();
    assertThat(attempts(1) - before.get(1)).as("of the second replica").isPositive();
  }

  /** How many attempts a replica has made. */
  private static double attempts(int replica) throws Exception {
    return HTTP.send(
            HttpRequest.newBuilder(world.uri(replica).resolve("/q/metrics")).build(),
            HttpResponse.BodyHandlers.ofString())
        .body()
        .lines()
        .filter(line -> line.startsWith("fastyoke_attempts_seconds_count"))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  /** The run is executing on the replica that took it, and its caller asks the other one. */
  @Test
  void aCallerWaitsOnTheOtherReplica() throws Exception {
    Plan plan = plan(world.tenants().get(3), Target.REST, Script.HANG_FIRST, null);
    HTTP.send(Driver.request(plan, world.uri(0)).build(), HttpResponse.BodyHandlers.discarding());
    JsonNode run = finished(plan, 1);
    assertThat(run.get("actions").get(0).get("attempts").asInt()).isEqualTo(2);
  }

  /** Whoever repeats a request asks anybody, and does not wait for the answer. */
  @Test
  void oneKeyIsOneRunOnWhicheverReplicaHoweverManyAtOnce() throws Exception {
    Plan plan = plan(world.tenants().get(3), Target.REST, Script.OK, null);
    List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
    for (int count = 0; count < 300; count++) {
      answers.add(
          HTTP.sendAsync(
              Driver.request(plan, world.uri(count % 2)).timeout(PATIENCE).build(),
              HttpResponse.BodyHandlers.ofString()));
    }
    Set<String> ids = new HashSet<>();
    for (CompletableFuture<HttpResponse<String>> answer : answers) {
      HttpResponse<String> done = answer.get();
      // A caller who is told to come back has not been told of another run.
      if (done.statusCode() != 503) {
        assertThat(done.statusCode()).as(done.body()).isIn(200, 202);
        ids.add(JSON.readTree(done.body()).get("id").asText());
      }
    }
    finished(plan, 0);
    assertThat(ids).hasSize(1);
    assertThat(count("idempotency_key = '" + plan.key() + "'")).isEqualTo(1);
    assertThat(world.receiver().arrivals().stream().filter(seen -> seen.key().equals(plan.key())))
        .hasSize(1);
  }

  /** Fires, waits for the end, and expects a good one. */
  private static JsonNode finished(Plan plan, int replica) throws Exception {
    HttpResponse<String> answer =
        HTTP.send(
            Driver.request(plan, world.uri(replica))
                .header("Prefer", "wait=30")
                .timeout(PATIENCE)
                .build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    JsonNode run = JSON.readTree(answer.body());
    assertThat(run.get("status").asText()).isEqualTo("succeeded");
    return run;
  }

  private static Instant arrived(Plan plan) {
    return world.receiver().arrivals().stream()
        .filter(seen -> seen.key().equals(plan.key()))
        .findFirst()
        .orElseThrow()
        .at();
  }

  /** A run that has not begun, since another one of its job has not ended. */
  private static Plan waiting(Tenant tenant, Target target) {
    return waiting(tenant, target, Script.HANG_FIRST);
  }

  private static Plan waiting(Tenant tenant, Target target, Script script) {
    String job = "job-" + UUID.randomUUID();
    Plan first = plan(tenant, target, Script.HANG_FIRST, job);
    Plan second = plan(tenant, target, script, job);
    for (Plan plan : List.of(first, second)) {
      try {
        HTTP.send(
            Driver.request(plan, world.uri(0)).build(), HttpResponse.BodyHandlers.discarding());
      } catch (IOException | InterruptedException e) {
        throw new AssertionError(e);
      }
    }
    assertThat(count("idempotency_key = '" + second.key() + "' AND due_at IS NULL")).isEqualTo(1);
    return second;
  }

  private static Plan plan(Tenant tenant, Target target, Script script, @Nullable String job) {
    return new Plan(
        tenant, "k-queue-" + UUID.randomUUID(), job, List.of(new Step(target, script, false)));
  }

  /** Puts copies of a waiting run on disk, faster than a caller could. */
  private static void copy(Plan model, String id, int times, String state) throws SQLException {
    sql(
        """
        INSERT INTO action_runs (id, tenant_id, ordered, request, actions, connection_ids, created_at, next_connection,
          status, in_flight, due_at, gate, attempt, lease_token)
        SELECT %s, tenant_id, false, request, regexp_replace(actions, '("deliver[yI_id]*":")[^"]*', '\\1' || gen_random_uuid()),
          connection_ids, now(), next_connection, %s, 1, 1
        FROM action_runs, generate_series(1, %d) WHERE idempotency_key = '%s'
        """
            .formatted(id, state, times, model.key()));
  }

  private static int count(String condition) {
    return (int)
        new Sql(world.postgres()::connect)
            .number("SELECT count(*) FROM action_runs WHERE " + condition);
  }

  private static void sql(String text) {
    new Sql(world.postgres()::connect).execute(text);
  }
}
