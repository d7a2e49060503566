package io.fastyoke.integrations.faults;

import static io.fastyoke.integrations.support.Eventually.eventually;
import static io.fastyoke.integrations.support.Eventually.opens;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import io.fastyoke.integrations.process.ServiceClient;
import io.fastyoke.integrations.process.ServiceClient.Answer;
import io.fastyoke.integrations.support.LoopbackServer;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** A tenant with one connection that holds and lets one attempt be in flight, and its receiver. */
final class Held {
  /** The first request there is answered when the test goes on. */
  static final String HANGING = "/hang";

  private static final String CONNECTIONS = "/api/v1/tenant/connections/";
  private static final String RUNS = "/api/v1/tenant/action-runs";
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private final World world;
  private final ServiceClient client;
  private final String connection;
  private final List<String> arrived = new CopyOnWriteArrayList<>();
  private final Set<String> deliveries = new HashSet<>();
  private final AtomicInteger now = new AtomicInteger();
  private final AtomicInteger most = new AtomicInteger();
  private final CountDownLatch hanging = new CountDownLatch(1);
  private final CountDownLatch goOn = new CountDownLatch(1);

  Held(String tenant, World world) {
    this.world = world;
    this.client = ServiceClient.tenant("held-" + tenant);
    LoopbackServer server = LoopbackServer.start(this::answer);
    this.connection =
        client.connect(
            world.uri(0),
            "generic_rest",
            "held",
            Map.of("base_url", server.url()),
            Map.of("when_paused", "hold", "max_in_flight", 1));
  }

  void pause(int replica) {
    change(replica, "paused");
  }

  void resume(int replica) {
    change(replica, "active");
  }

  private void change(int replica, String status) {
    Map<String, String> change = Map.of("status", status);
    Answer answer = client.send(world.uri(replica), "PATCH", CONNECTIONS + connection, change);
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
  }

  /** What the run waits for, once it is accepted. */
  String fire(int replica, String job, String path) {
    Map<String, Object> action =
        Map.of(
            "action_type",
            "WEBHOOK",
            "payload_template",
            Map.of("connection_id", connection, "path", path, "body", Map.of("a", 1)));
    Map<String, Object> run = Map.of("job", Map.of("id", job), "actions", List.of(action));
    Answer answer = client.send(world.uri(replica), "POST", RUNS, run, "wait=0");
    assertThat(answer.status()).as(answer.body()).isEqualTo(202);
    return answer.json().get("waiting_for").asText();
  }

  /** Until all runs have ended, well. */
  void awaitEnd(int replica) {
    eventually(
        "all runs end",
        () -> {
          JsonNode runs = client.send(world.uri(replica), "GET", RUNS, null).json();
          runs.forEach(run -> assertThat(run.get("status").asText()).isNotEqualTo("failed"));
          return runs.findValuesAsText("finished_at").stream().noneMatch("null"::equals);
        });
  }

  void awaitHanging() {
    assertThat(opens(hanging, LIMIT)).isTrue();
  }

  void goOn() {
    goOn.countDown();
  }

  /** The last parts of the paths, in order of arrival. */
  List<String> arrived() {
    return arrived;
  }

  /** Which actions have arrived. */
  Set<String> deliveries() {
    return deliveries;
  }

  /** How many were in flight at the same time. */
  int most() {
    return most.get();
  }

  int charged(int replica) {
    JsonNode usage = client.send(world.uri(replica), "GET", "/api/v1/tenant/usage", null).json();
    return usage.findValues("count").stream().mapToInt(JsonNode::asInt).sum();
  }

  private void answer(HttpExchange exchange) throws IOException {
    most.accumulateAndGet(now.incrementAndGet(), Math::max);
    String path = exchange.getRequestURI().getPath();
    synchronized (this) {
      arrived.add(path.substring(1));
      deliveries.add(exchange.getRequestHeaders().getFirst("X-FastYoke-Delivery"));
    }
    if (path.equals(HANGING) && hanging.getCount() > 0) {
      hanging.countDown();
      opens(goOn, LIMIT);
    }
    // Before the answer: after it the next one may be here already.
    now.decrementAndGet();
    LoopbackServer.answer(exchange, 200);
  }
}
