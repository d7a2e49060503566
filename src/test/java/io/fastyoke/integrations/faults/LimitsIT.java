package io.fastyoke.integrations.faults;

import static io.fastyoke.integrations.support.Eventually.pause;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import io.fastyoke.integrations.process.ServiceClient;
import io.fastyoke.integrations.process.ServiceClient.Answer;
import io.fastyoke.integrations.support.LoopbackServer;
import io.fastyoke.integrations.support.Sql;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * A connection's limits hold over two replicas, as its receiver sees them, and so does a pause that
 * holds, over the crash of one of them as well.
 */
class LimitsIT {
  private static final int RUNS = 80;
  private static final int MOST_IN_FLIGHT = 3;
  private static final int MOST_PER_SECOND = 20;
  private static final Duration WORK = Duration.ofMillis(40);

  /** What leaves a second apart may arrive a little less apart. */
  private static final Duration ALMOST_A_SECOND = Duration.ofMillis(900);

  private static World world;
  private static LoopbackServer server;
  private static ExecutorService threads;

  private final ServiceClient client = ServiceClient.tenant("limited");
  private final List<Long> arrivals = new ArrayList<>();
  private final AtomicInteger now = new AtomicInteger();
  private int most;

  @BeforeAll
  static void start() throws IOException {
    world = new World();
    server = LoopbackServer.start();
    threads = Executors.newCachedThreadPool();
  }

  @AfterAll
  static void stop() {
    world.close();
    server.close();
    threads.shutdownNow();
  }

  @Test
  void neverMoreInFlightThanAllowed() throws Exception {
    fire(connection("max_in_flight", MOST_IN_FLIGHT));
    assertThat(most).isEqualTo(MOST_IN_FLIGHT);
  }

  @Test
  void neverMoreASecondThanAllowed() throws Exception {
    fire(connection("max_per_second", MOST_PER_SECOND));
    List<Long> times = arrivals.stream().sorted().toList();
    for (int i = MOST_PER_SECOND; i < times.size(); i++) {
      assertThat(Duration.ofNanos(times.get(i) - times.get(i - MOST_PER_SECOND)))
          .as("%d runs, up to number %d", MOST_PER_SECOND, i)
          .isGreaterThan(ALMOST_A_SECOND);
    }
    assertThat(Duration.ofNanos(times.get(times.size() - 1) - times.get(0)))
        .as("the limit is made use of")
        .isLessThan(Duration.ofSeconds(3L * RUNS / MOST_PER_SECOND));
  }

  /** Resumed on one of two replicas, each of which may send what the other has accepted. */
  @Test
  void heldRunsFireOnceInOrderOverTwoReplicas() {
    Held held = new Held("both", world);
    held.pause(0);
    for (int i = 0; i < 8; i++) {
      assertThat(held.fire(i % 2, "job-" + i, "/" + i)).isEqualTo("connection_paused");
    }
    assertThat(held.fire(0, "one", "/8")).isEqualTo("connection_paused");
    assertThat(held.fire(1, "one", "/9")).isEqualTo("earlier_run");
    assertThat(held.arrived()).isEmpty();
    held.resume(1);
    held.awaitEnd(0);
    assertThat(held.arrived()).containsExactly("0", "1", "2", "3", "4", "5", "6", "7", "8", "9");
    assertThat(held.most()).isEqualTo(1);
    assertThat(held.charged(1)).isEqualTo(10);
  }

  /** The other one is halted meanwhile, so that it is this one that crashes in mid-attempt. */
  @Test
  void aCrashWhileHeldRunsAreSentRepeatsWhatWasInFlightAndLosesNone() {
    Held held = new Held("crash", world);
    held.pause(1);
    for (String path : List.of("/0", Held.HANGING, "/2", "/3")) {
      assertThat(held.fire(0, "job-" + path, path)).isEqualTo("connection_paused");
    }
    world.replica(1).process().stopSignal();
    held.resume(0);
    held.awaitHanging();
    world.replica(0).kill();
    world.replica(0).start();
    world.replica(1).process().continueSignal();
    held.goOn();
    // As if the lease of the attempt that died had ended.
    new Sql(world.postgres()::connect)
        .execute("UPDATE action_runs SET due_at = now() WHERE in_flight");
    held.awaitEnd(1);
    assertThat(held.arrived()).hasSize(5).filteredOn("hang"::equals).hasSize(2);
    assertThat(held.arrived().stream().distinct()).containsExactly("0", "hang", "2", "3");
    assertThat(held.deliveries()).hasSize(4);
    assertThat(held.charged(1)).isEqualTo(4);
    world.replica(1).forgiveBlocked();
  }

  /** Fires on both replicas at once, and waits until all runs have ended. */
  private void fire(String connection) throws Exception {
    List<Callable<Answer>> calls = new ArrayList<>();
    for (int i = 0; i < RUNS; i++) {
      int replica = i % 2;
      calls.add(() -> fire(connection, replica));
    }
    for (Future<Answer> call : threads.invokeAll(calls)) {
      Answer answer = call.get();
      assertThat(answer.status()).as(answer.body()).isEqualTo(200);
      assertThat(answer.json().get("status").asText()).isEqualTo("succeeded");
    }
    assertThat(arrivals).hasSize(RUNS);
  }

  private Answer fire(String connection, int replica) {
    Map<String, Object> action =
        Map.of(
            "action_type",
            "WEBHOOK",
            "payload_template",
            Map.of("connection_id", connection, "path", "/x", "body", Map.of("a", 1)));
    return client.send(
        world.uri(replica),
        "POST",
        "/api/v1/tenant/action-runs",
        Map.of("actions", List.of(action)));
  }

  private String connection(String setting, int value) {
    server.on("/" + setting, this::answer);
    String url = server.url() + "/" + setting;
    return client.connect(
        world.uri(0), "generic_rest", setting, Map.of("base_url", url), Map.of(setting, value));
  }

  private void answer(HttpExchange exchange) throws IOException {
    long arrived = System.nanoTime();
    synchronized (arrivals) {
      arrivals.add(arrived);
      most = Math.max(most, now.incrementAndGet());
    }
    exchange.getRequestBody().readAllBytes();
    pause(WORK);
    // Before the answer: after it the next one may be here already.
    now.decrementAndGet();
    exchange.sendResponseHeaders(200, -1);
    exchange.close();
  }
}
