package io.fastyoke.integrations.contract;

import static io.fastyoke.integrations.support.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fastyoke.integrations.process.KeptAlive;
import io.fastyoke.integrations.process.ServiceClient;
import io.fastyoke.integrations.process.ServiceClient.Answer;
import io.fastyoke.integrations.process.ServiceProcess;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Whoever stops the service loses nothing: what is under way ends, and the rest waits. */
class ShutdownIT {
  private static final ServiceClient ADMIN = ServiceClient.tenant("shutdown");
  private final Map<String, CompletableFuture<Answer>> answers = new HashMap<>();

  private static final String EVENTS = "/api/v1/tenant/event-log?event_type=WEBHOOK&run_id=";

  /** What is held stays held. */
  @Test
  void attemptsInFlightFinishAndTheRestIsLeftToTheNextProcess() throws Exception {
    Receiver receiver = new Receiver();
    try (EmbeddedPostgres postgres = EmbeddedPostgres.builder().start()) {
      Map<String, String> env = env(postgres);
      Receiver resumed = new Receiver();
      String slow;
      String queued;
      String holding;
      String held;
      try (ServiceProcess first = ServiceProcess.start(env)) {
        URI uri = first.baseUri();
        String connection = connect(uri, receiver);
        holding = holding(uri, resumed);
        held = held(uri, holding);
        slow = fire(uri, "one", connection, "/slow/5000", "/after");
        queued = fire(uri, "one", connection, "/queued");
        String finished = fire(uri, "two", connection, "/slow/4000");
        eventually("both are being answered", () -> receiver.at("/slow").size() == 2);
        first.askToStop();
        first.askToStop();
        assertThat(first.exitCode()).as("whatever is asked again").isZero();
        assertThat(receiver.at("/")).as("only what was in flight").hasSize(2);
        // All three callers waited for their runs (Prefer: wait).
        assertThat(answers.get(finished).get().status()).isEqualTo(200);
        for (String run : List.of(slow, queued)) {
          Answer answer = answers.get(run).get();
          assertThat(answer.status()).isEqualTo(202);
          assertThat(answer.headers()).contains("location[/api/v1/tenant/action-runs/" + run);
        }
      }
      try (ServiceProcess second = ServiceProcess.start(env)) {
        for (String run : List.of(slow, queued)) {
          eventually(
              "the run ends", () -> !read(second.baseUri(), run).get("finished_at").isNull());
          assertThat(read(second.baseUri(), run).get("status").asText()).isEqualTo("succeeded");
        }
        assertThat(receiver.at("/").stream().map(arrival -> last(arrival.path())))
            .filteredOn(path -> !path.equals("4000"))
            .containsExactly("5000", "after", "queued");
        assertThat(read(second.baseUri(), held).get("waiting_for").asText())
            .isEqualTo("connection_paused");
        assertThat(resumed.at("/")).isEmpty();
        change(second.baseUri(), holding, "active");
        eventually(
            "the held run ends", () -> !read(second.baseUri(), held).get("finished_at").isNull());
        assertThat(read(second.baseUri(), held).get("status").asText()).isEqualTo("succeeded");
        assertThat(resumed.at("/")).hasSize(1);
        JsonNode events = ADMIN.send(second.baseUri(), "GET", EVENTS + slow, null).json();
        assertThat(events).hasSize(2);
        assertThat(events).allMatch(event -> event.get("outcome").asText().equals("success"));
      }
    }
  }

  /** Clients that keep their connections, and open a new one whenever one has ended. */
  @Test
  void underLoadNoConnectionIsResetAndEveryRequestIsAnswered() throws Exception {
    Receiver receiver = new Receiver();
    try (EmbeddedPostgres postgres = EmbeddedPostgres.builder().start()) {
      Map<String, String> env = env(postgres);
      env.put("SHUTDOWN_DELAY_SECONDS", "1");
      try (ServiceProcess service = ServiceProcess.start(env)) {
        URI uri = service.baseUri();
        Load load = new Load(uri, connect(uri, receiver));
        List<Thread> clients = IntStream.range(0, 16).mapToObj(i -> load.client()).toList();
        eventually("load has begun", () -> load.answers.size() > 100);
        service.askToStop();
        boolean notReady = false;
        try {
          while (true) {
            notReady |= load.ready() == 503;
          }
        } catch (ConnectException closed) {
          assertThat(notReady).as("not ready before it is gone").isTrue();
        }
        for (Thread client : clients) {
          client.join();
        }
        assertThat(service.exitCode()).isZero();
        assertThat(load.failures).isEmpty();
        assertThat(load.answers)
            .extracting(KeptAlive.Answer::status)
            .contains(202)
            .doesNotContain(500);
        assertThat(load.afterwards)
            .isNotEmpty()
            .allMatch(KeptAlive.Answer::last)
            .allMatch(answer -> answer.status() == 202 || answer.status() == 503);
      }
    }
  }

  /** What clients see. */
  private static final class Load {
    private final URI uri;
    private final String request;
    private final Queue<KeptAlive.Answer> answers = new ConcurrentLinkedQueue<>();
    private final Queue<KeptAlive.Answer> afterwards = new ConcurrentLinkedQueue<>();
    private final Queue<Exception> failures = new ConcurrentLinkedQueue<>();
    private volatile boolean notReady;

    Load(URI uri, String connection) {
      this.uri = uri;
      Map<String, Object> run =
          new HashMap<>(Api.run("load", List.of(Api.action(connection, "/x"))));
      run.put("ordering", "none");
      this.request = ADMIN.raw("POST", "/api/v1/tenant/action-runs", run);
    }

    Thread client() {
      Thread client = new Thread(this::fire);
      client.start();
      return client;
    }

    int ready() throws IOException {
      try (KeptAlive connection = new KeptAlive(uri)) {
        int status =
            connection.send("GET /q/health/ready HTTP/1.1\r\nHost: localhost\r\n\r\n").status();
        notReady |= status == 503;
        return status;
      }
    }

    private void fire() {
      try {
        while (true) {
          try (KeptAlive connection = new KeptAlive(uri)) {
            fire(connection);
          }
        }
      } catch (ConnectException closed) {
        // The end.
      } catch (IOException e) {
        failures.add(e);
      }
    }

    private void fire(KeptAlive connection) throws IOException {
      boolean last = false;
      while (!last) {
        boolean late = notReady;
        KeptAlive.Answer answer = connection.send(request);
        answers.add(answer);
        if (late) {
          afterwards.add(answer);
        }
        last = answer.last();
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
    return ADMIN.connect(uri, "slow", receiver.url() + "/r");
  }

  /** A connection that is paused and lets its actions wait. */
  private static String holding(URI uri, Receiver receiver) {
    String connection =
        ADMIN.connect(
            uri,
            "generic_rest",
            "holding",
            Map.of("base_url", receiver.url() + "/h"),
            Map.of("when_paused", "hold"));
    change(uri, connection, "paused");
    return connection;
  }

  private static void change(URI uri, String connection, String status) {
    Answer answer =
        ADMIN.send(uri, "PATCH", Api.CONNECTIONS + "/" + connection, Map.of("status", status));
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
  }

  private static String held(URI uri, String connection) {
    Object run = Api.run("held", List.of(Api.action(connection, "/1")));
    Answer answer = ADMIN.send(uri, "POST", Api.RUNS, run, "wait=0");
    assertThat(answer.json().get("waiting_for").asText()).isEqualTo("connection_paused");
    return answer.json().get("id").asText();
  }

  /** Runs of one job wait for each other. */
  private String fire(URI uri, String job, String connection, String... paths) throws IOException {
    Map<String, Object> run =
        Api.run(
            job, java.util.Arrays.stream(paths).map(path -> Api.action(connection, path)).toList());
    CompletableFuture<Answer> answer =
        CompletableFuture.supplyAsync(
            () -> ADMIN.send(uri, "POST", "/api/v1/tenant/action-runs", run),
            work -> new Thread(work).start());
    JsonNode[] accepted = new JsonNode[1];
    eventually(
        "the run is accepted",
        () -> {
          JsonNode runs = ADMIN.send(uri, "GET", "/api/v1/tenant/action-runs?limit=1", null).json();
          accepted[0] = runs.size() == 0 ? null : runs.get(0);
          return accepted[0] != null
              && accepted[0].get("job_id").asText().equals(job)
              && accepted[0].get("actions").size() == paths.length;
        });
    String id = accepted[0].get("id").asText();
    answers.put(id, answer);
    return id;
  }

  private static JsonNode read(URI uri, String run) {
    return ADMIN.send(uri, "GET", "/api/v1/tenant/action-runs/" + run, null).json();
  }
}
