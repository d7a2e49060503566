package io.fastyoke.integrations.vault;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import io.fastyoke.integrations.process.ServiceClient;
import io.fastyoke.integrations.process.ServiceClient.Answer;
import io.fastyoke.integrations.process.ServiceProcess;
import io.fastyoke.integrations.support.LoopbackServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Tenants with many connections, who fire, change and delete them all the time on whichever replica
 * answers, and the host that they call. Every connection has a secret of its own, by which that
 * host knows that the right credentials were opened.
 */
final class Tenants implements AutoCloseable {
  private static final int TENANTS = 20;
  private static final int WORKERS = 8;

  /** Fewer, so that replicas which start meanwhile get their share of a small machine. */
  private static final int TRAFFIC = 3;

  private static final int ACTIONS_OF_A_RUN = 50;
  private static final String CONNECTIONS = "/api/v1/tenant/connections";
  private static final String RUNS = "/api/v1/tenant/action-runs";

  /** One connection; its lock is held by whoever changes or fires it. */
  private static final class Held {
    private final int number;
    private final ServiceClient tenant;
    private final String id;
    // More than one while nobody knows whether a change was made.
    private final Set<String> possibleSecrets = ConcurrentHashMap.newKeySet();
    private int version;
    private boolean deleted;

    private Held(int number, ServiceClient tenant, String id, String secret) {
      this.number = number;
      this.tenant = tenant;
      this.id = id;
      this.possibleSecrets.add(secret);
    }
  }

  private final LoopbackServer host = LoopbackServer.start(this::answer);
  private final ExecutorService workers = Executors.newFixedThreadPool(WORKERS);
  private final AtomicReferenceArray<@Nullable ServiceProcess> replicas =
      new AtomicReferenceArray<>(2);
  private final Map<Integer, Held> held = new ConcurrentHashMap<>();
  // By path: the connection's number, and the number of the firing.
  private final Map<String, String> arrivals = new ConcurrentHashMap<>();
  private final AtomicInteger firings = new AtomicInteger();
  private final ConcurrentLinkedQueue<String> complaints = new ConcurrentLinkedQueue<>();
  private final AtomicInteger fired = new AtomicInteger();
  private final AtomicInteger changed = new AtomicInteger();
  private final List<Future<?>> traffic = new ArrayList<>();
  private volatile boolean going;

  Tenants() throws IOException {}

  void use(int index, ServiceProcess replica) {
    replicas.set(index, replica);
  }

  /** {@code kill -9}, whatever it is doing. */
  void kill(int index) {
    ServiceProcess replica = replica(index);
    replicas.set(index, null);
    replica.kill();
  }

  ServiceProcess replica(int index) {
    ServiceProcess replica = replicas.get(index);
    assertThat(replica).isNotNull();
    return replica;
  }

  void create(int count) {
    inParallel(
        count,
        n -> {
          ServiceClient tenant = ServiceClient.tenant("tenant-" + n % TENANTS);
          String id =
              tenant.connect(
                  replica(n % 2).baseUri(),
                  "generic_rest",
                  "connection " + n,
                  credentials(n, secret(n, 0)),
                  Map.of());
          held.put(n, new Held(n, tenant, id, secret(n, 0)));
        });
  }

  void beginTraffic() {
    going = true;
    for (int worker = 0; worker < TRAFFIC; worker++) {
      Random random = new Random(worker);
      traffic.add(
          workers.submit(
              () -> {
                while (going) {
                  oneThing(random);
                }
              }));
    }
  }

  /** What went wrong in the meantime is told here. */
  void endTraffic() {
    going = false;
    traffic.forEach(Tenants::join);
    assertThat(complaints).isEmpty();
    assertThat(fired.get()).as("runs that succeeded").isGreaterThan(100);
    assertThat(changed.get()).as("changes that were made").isGreaterThan(100);
  }

  private void oneThing(Random random) {
    Held one = held.get(random.nextInt(held.size()));
    int what = random.nextInt(100);
    synchronized (one) {
      if (one.deleted) {
        return;
      }
      ServiceProcess replica = replicas.get(random.nextInt(2));
      if (replica == null) {
        return;
      }
      if (what < 50) {
        fire(one, replica);
      } else if (what < 75) {
        changeSecret(one, replica);
      } else if (what < 95) {
        change(one, replica, Map.of("connection_name", "renamed " + one.number + " " + what));
      } else {
        delete(one, replica);
      }
    }
  }

  private void fire(Held one, ServiceProcess replica) {
    String firing = "/" + firings.incrementAndGet();
    Answer answer = attempt(one, replica, "POST", RUNS, run(List.of(one), firing));
    if (answer == null || answer.status() == 202) {
      return;
    }
    String status = answer.status() == 200 ? answer.json().get("status").asText() : "refused";
    if (!status.equals("succeeded")) {
      complaints.add("run of " + one.number + ": " + answer);
      return;
    }
    fired.incrementAndGet();
    String arrived = arrived(one, firing);
    if (!one.possibleSecrets.contains(arrived)) {
      complaints.add("connection " + one.number + " fired with " + arrived);
    } else {
      one.possibleSecrets.retainAll(Set.of(arrived));
    }
  }

  private void changeSecret(Held one, ServiceProcess replica) {
    String secret = secret(one.number, ++one.version);
    one.possibleSecrets.add(secret);
    Map<String, Object> change = Map.of("credentials", credentials(one.number, secret));
    if (change(one, replica, change)) {
      one.possibleSecrets.retainAll(Set.of(secret));
    }
  }

  private boolean change(Held one, ServiceProcess replica, Map<String, Object> change) {
    Answer answer = attempt(one, replica, "PATCH", CONNECTIONS + "/" + one.id, change);
    if (answer != null && answer.status() == 200) {
      changed.incrementAndGet();
      return true;
    }
    if (answer != null) {
      complaints.add("change of " + one.number + ": " + answer);
    }
    return false;
  }

  private void delete(Held one, ServiceProcess replica) {
    one.deleted = true;
    Answer answer = attempt(one, replica, "DELETE", CONNECTIONS + "/" + one.id, null);
    if (answer != null && answer.status() != 204) {
      complaints.add("deletion of " + one.number + ": " + answer);
    }
  }

  /**
   * Null when the replica was killed, or asked to repeat later (a starved machine may be slow to
   * accept): nobody knows what has come of it.
   */
  private @Nullable Answer attempt(
      Held one, ServiceProcess replica, String method, String path, @Nullable Object body) {
    try {
      Answer answer = one.tenant.send(replica.baseUri(), method, path, body);
      return answer.status() == 503 ? null : answer;
    } catch (UncheckedIOException e) {
      if (isInUse(replica)) {
        complaints.add("no answer from a replica that lives: " + e.getMessage());
      }
      return null;
    }
  }

  private boolean isInUse(ServiceProcess replica) {
    return replicas.get(0) == replica || replicas.get(1) == replica;
  }

  private String arrived(Held one, String firing) {
    return arrivals.getOrDefault("/" + one.number + firing, "nothing");
  }

  /** Opens all credentials that are left, and holds them against what was last saved. */
  void everyConnectionFiresWithItsLastSecret() {
    List<List<Held>> runs = runsOfAll();
    inParallel(
        runs.size(),
        n -> {
          List<Held> all = runs.get(n);
          Answer answer =
              all.get(0).tenant.send(replica(n % 2).baseUri(), "POST", RUNS, run(all, "/last"));
          assertThat(answer.json().path("status").asText())
              .as(answer.body())
              .isEqualTo("succeeded");
        });
    for (Held one : held.values()) {
      if (!one.deleted) {
        assertThat(one.possibleSecrets).contains(arrived(one, "/last"));
      }
    }
  }

  private List<List<Held>> runsOfAll() {
    List<List<Held>> runs = new ArrayList<>();
    for (int tenant = 0; tenant < TENANTS; tenant++) {
      List<Held> theirs = new ArrayList<>();
      for (int n = tenant; n < held.size(); n += TENANTS) {
        if (!held.get(n).deleted) {
          theirs.add(held.get(n));
        }
      }
      for (int from = 0; from < theirs.size(); from += ACTIONS_OF_A_RUN) {
        runs.add(theirs.subList(from, Math.min(theirs.size(), from + ACTIONS_OF_A_RUN)));
      }
    }
    return runs;
  }

  private static Map<String, Object> run(List<Held> connections, String path) {
    return Map.of(
        "job",
        Map.of("id", "job-" + connections.get(0).number),
        "ordering",
        "none",
        "transition",
        Map.of("event_type", "start"),
        "actions",
        connections.stream()
            .map(
                one ->
                    Map.of(
                        "action_type",
                        "WEBHOOK",
                        "payload_template",
                        Map.of("connection_id", one.id, "path", path)))
            .toList());
  }

  private Map<String, Object> credentials(int number, String secret) {
    return Map.of("base_url", host.url() + "/" + number, "auth_header", secret);
  }

  private static String secret(int number, int version) {
    return "Bearer secret-" + number + "-" + version;
  }

  private void answer(HttpExchange exchange) throws IOException {
    exchange.getRequestBody().readAllBytes();
    arrivals.put(
        exchange.getRequestURI().getPath(), exchange.getRequestHeaders().getFirst("Authorization"));
    byte[] body = "{}".getBytes(UTF_8);
    exchange.sendResponseHeaders(200, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  private void inParallel(int count, IntConsumer work) {
    AtomicInteger next = new AtomicInteger();
    List<Future<?>> all = new ArrayList<>();
    for (int worker = 0; worker < WORKERS; worker++) {
      all.add(
          workers.submit(
              () -> {
                for (int n = next.getAndIncrement(); n < count; n = next.getAndIncrement()) {
                  work.accept(n);
                }
              }));
    }
    all.forEach(Tenants::join);
  }

  private static void join(Future<?> work) {
    try {
      work.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    } catch (ExecutionException e) {
      throw new AssertionError(e.getCause());
    }
  }

  @Override
  public void close() {
    going = false;
    workers.shutdownNow();
    for (int i = 0; i < replicas.length(); i++) {
      ServiceProcess replica = replicas.get(i);
      if (replica != null) {
        replica.close();
      }
    }
    host.close();
  }
}
