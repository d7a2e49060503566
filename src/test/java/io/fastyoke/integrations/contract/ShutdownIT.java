package io.fastyoke.integrations.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fastyoke.integrations.process.ServiceClient;
import io.fastyoke.integrations.process.ServiceProcess;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Whoever stops the service loses nothing: what is under way ends, and the rest waits. */
class ShutdownIT {
  private static final ServiceClient ADMIN = ServiceClient.tenant("shutdown");
  private static final String EVENTS = "/api/v1/tenant/event-log?event_type=WEBHOOK&run_id=";

  @Test
  void attemptsInFlightFinishAndTheRestIsLeftToTheNextProcess() throws Exception {
    Receiver receiver = new Receiver();
    try (EmbeddedPostgres postgres = EmbeddedPostgres.builder().start()) {
      Map<String, String> env = env(postgres);
      String slow;
      String queued;
      try (ServiceProcess first = ServiceProcess.start(env)) {
        URI uri = first.baseUri();
        String connection = connect(uri, receiver);
        slow = fire(uri, connection, "/slow/5000", "/after");
        queued = fire(uri, connection, "/queued");
        await(() -> receiver.at("/slow/5000").size() == 1);
        CompletableFuture<Integer> exit = CompletableFuture.supplyAsync(first::terminate);
        assertThat(exit.get()).isZero();
        assertThat(receiver.at("/")).as("only what was in flight").hasSize(1);
      }
      try (ServiceProcess second = ServiceProcess.start(env)) {
        for (String run : List.of(slow, queued)) {
          await(() -> !read(second.baseUri(), run).get("finished_at").isNull());
          assertThat(read(second.baseUri(), run).get("status").asText()).isEqualTo("succeeded");
        }
        assertThat(receiver.at("/").stream().map(arrival -> last(arrival.path())))
            .containsExactly("5000", "after", "queued");
        JsonNode events = ADMIN.send(second.baseUri(), "GET", EVENTS + slow, null).json();
        assertThat(events).hasSize(2);
        assertThat(events).allMatch(event -> event.get("outcome").asText().equals("success"));
      }
    }
  }

  private static String last(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  private static Map<String, String> env(EmbeddedPostgres postgres) {
    Map<String, String> env = ServiceProcess.env(postgres);
    env.put("EGRESS_ALLOW_CIDRS", "127.0.0.0/8");
    env.put("EGRESS_ALLOW_HTTP", "true");
    return env;
  }

  private static String connect(URI uri, Receiver receiver) {
    return ADMIN
        .send(
            uri,
            "POST",
            "/api/v1/tenant/connections",
            Map.of(
                "provider",
                "generic_rest",
                "connection_name",
                "slow",
                "credentials",
                Map.of("base_url", receiver.url() + "/r")))
        .json()
        .get("id")
        .asText();
  }

  /** One job, so that the second run waits for the first. */
  private static String fire(URI uri, String connection, String... paths) throws IOException {
    Map<String, Object> run =
        Api.run(
            "one",
            java.util.Arrays.stream(paths).map(path -> Api.action(connection, path)).toList());
    JsonNode[] answer = new JsonNode[1];
    // The client waits for the end of a run; here nobody does.
    CompletableFuture.runAsync(
        () -> {
          try {
            ADMIN.send(uri, "POST", "/api/v1/tenant/action-runs", run);
          } catch (java.io.UncheckedIOException stopped) {
            // It is what the test is about.
          }
        });
    await(
        () -> {
          JsonNode runs = ADMIN.send(uri, "GET", "/api/v1/tenant/action-runs?limit=1", null).json();
          answer[0] = runs.size() == 0 ? null : runs.get(0);
          return answer[0] != null && answer[0].get("actions").size() == paths.length;
        });
    return answer[0].get("id").asText();
  }

  private static JsonNode read(URI uri, String run) {
    return ADMIN.send(uri, "GET", "/api/v1/tenant/action-runs/" + run, null).json();
  }

  private static void await(java.util.function.BooleanSupplier condition) {
    for (int look = 0; look < 1_200; look++) {
      if (condition.getAsBoolean()) {
        return;
      }
      try {
        Thread.sleep(25);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    throw new AssertionError("it does not come to that");
  }
}
