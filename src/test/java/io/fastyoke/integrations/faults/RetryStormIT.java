package io.fastyoke.integrations.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.fastyoke.integrations.faults.Plan.Script;
import io.fastyoke.integrations.faults.Plan.Step;
import io.fastyoke.integrations.faults.Plan.Target;
import io.fastyoke.integrations.process.ServiceClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * A thousand runs to a host that is gone, each tried again and again as it asked for. Nobody else
 * notices, and nothing is tried more often or later than that.
 */
class RetryStormIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private static final int RUNS = 1_000;
  private static final int ATTEMPTS = 4;
  private static final long FIRST_BACKOFF_MS = 1_000;
  private static final long LONGEST_BACKOFF_MS = 2_000;
  private static final int AT_ONCE = 20;
  private static final int BEFORE = 40;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** The database, both replicas, the receiver and this test share the machine. */
  private static final Duration FOR_A_BUSY_MACHINE = Duration.ofSeconds(2);

  @Test
  void aHostThatIsGoneIsNoMatterToAnotherTenant() throws Exception {
    try (World world = new World()) {
      Tenant healthy = world.tenants().get(0);
      String dead = connectionToNobody(world);
      List<Duration> before = new ArrayList<>();
      for (int i = 0; i < BEFORE; i++) {
        before.add(latency(world, healthy, i % 2));
      }
      CompletableFuture<Void> storm = CompletableFuture.runAsync(() -> storm(world, dead));
      List<Duration> during = new ArrayList<>();
      Instant deadline = Instant.now().plus(PATIENCE);
      do {
        during.add(latency(world, healthy, during.size() % 2));
        assertThat(Instant.now()).as("the storm is over").isBefore(deadline);
      } while (!storm.isDone() || Records.unfinished(world.postgres()) > 0);
      storm.get();
      System.out.printf(
          "[storm] another tenant's runs, p50, p90 and p99: %s before, %s of %d meanwhile%n",
          figures(before), figures(during), during.size());
      assertThat(at(90, during))
          .isLessThan(at(90, before).multipliedBy(2).plus(FOR_A_BUSY_MACHINE));
      withinTheSchedule(world.postgres(), world.tenants().get(1));
    }
  }

  /** From asking until the end of a run that succeeds. */
  private static Duration latency(World world, Tenant tenant, int replica) throws Exception {
    Plan plan =
        new Plan(
            tenant,
            "k-storm-" + UUID.randomUUID(),
            null,
            List.of(new Step(Target.REST, Script.OK, false)));
    Instant asked = Instant.now();
    HttpResponse<String> answer =
        accepted(
            Driver.request(plan, world.uri(replica))
                .header("Prefer", "wait=30")
                .timeout(PATIENCE)
                .build());
    Duration took = Duration.between(asked, Instant.now());
    assertThat(JSON.readTree(answer.body()).get("status").asText()).isEqualTo("succeeded");
    return took;
  }

  /** What is fired at once is no flood; the storm is what becomes of it. */
  private static void storm(World world, String connection) {
    for (int fired = 0; fired < RUNS; fired += AT_ONCE) {
      IntStream.range(fired, fired + AT_ONCE)
          .mapToObj(run -> CompletableFuture.runAsync(() -> fire(world, connection, run % 2)))
          .toList()
          .forEach(CompletableFuture::join);
    }
  }

  private static void fire(World world, String connection, int replica) {
    Map<String, Object> action =
        Map.of(
            "action_type",
            "WEBHOOK",
            "payload_template",
            Map.of("connection_id", connection),
            "retry",
            Map.of(
                "max_attempts",
                ATTEMPTS,
                "backoff_ms",
                FIRST_BACKOFF_MS,
                "max_backoff_ms",
                LONGEST_BACKOFF_MS));
    Plan key = new Plan(world.tenants().get(1), "k-storm-" + UUID.randomUUID(), null, List.of());
    try {
      BodyPublisher body =
          BodyPublishers.ofString(JSON.writeValueAsString(Map.of("actions", List.of(action))));
      accepted(Driver.request(key, world.uri(replica)).timeout(PATIENCE).POST(body).build());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Repeats a request for as long as it is told to come back. */
  private static HttpResponse<String> accepted(HttpRequest request) throws IOException {
    while (true) {
      try {
        HttpResponse<String> answer = HTTP.send(request, HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 503) {
          assertThat(answer.statusCode()).as(answer.body()).isIn(200, 202);
          return answer;
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new AssertionError(e);
      }
    }
  }

  /** A port on which somebody listened a moment ago. */
  private static String connectionToNobody(World world) throws IOException {
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    return ServiceClient.tenant(world.tenants().get(1).name())
        .connect(world.uri(0), "gone", "http://127.0.0.1:" + port);
  }

  /** Every run was tried as often as it asked for, and never later than its backoff allows. */
  private static void withinTheSchedule(Server server, Tenant tenant) throws SQLException {
    try (Connection connection = server.connect();
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                """
                SELECT count(DISTINCT run_id) AS runs, count(*) AS attempts, max(attempt) AS most,
                  count(*) FILTER (WHERE outcome <> 'failure' OR error_code <> 'unreachable') AS others,
                  COALESCE(max(extract(epoch FROM gap) * 1000), 0)::bigint AS longest_gap
                FROM (
                  SELECT e.*, occurred_at - lag(occurred_at) OVER (PARTITION BY run_id ORDER BY attempt) AS gap
                  FROM event_log e WHERE event_type = 'WEBHOOK' AND tenant_id = '%s') tried
                """
                    .formatted(tenant.name()))) {
      rows.next();
      assertThat(rows.getInt("runs")).isEqualTo(RUNS);
      assertThat(rows.getInt("attempts")).isEqualTo(RUNS * ATTEMPTS);
      assertThat(rows.getInt("most")).isEqualTo(ATTEMPTS);
      assertThat(rows.getInt("others")).isZero();
      System.out.printf(
          "[storm] longest wait for an attempt: %d ms%n", rows.getLong("longest_gap"));
      assertThat(rows.getLong("longest_gap"))
          .isLessThan(LONGEST_BACKOFF_MS + 2 * FOR_A_BUSY_MACHINE.toMillis());
    }
  }

  private static Duration at(int percent, List<Duration> times) {
    List<Duration> sorted = new ArrayList<>(times);
    Collections.sort(sorted);
    return sorted.get((sorted.size() - 1) * percent / 100);
  }

  private static String figures(List<Duration> times) {
    return "%d, %d and %d ms"
        .formatted(at(50, times).toMillis(), at(90, times).toMillis(), at(99, times).toMillis());
  }
}
