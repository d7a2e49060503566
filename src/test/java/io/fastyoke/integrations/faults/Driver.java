package io.fastyoke.integrations.faults;

import static io.fastyoke.integrations.support.Eventually.pause;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.fastyoke.integrations.identity.Jwts;
import io.fastyoke.integrations.process.ServiceClient;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntFunction;

/**
 * Callers that fire at a bounded rate, and repeat every request under its key, on the other
 * replica, until somebody has said that it is accepted: what FastYoke's engine does.
 */
final class Driver implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int CALLERS = 12;
  private static final int JOBS_OF_A_CALLER = 2;
  private static final int TWINS_OF_100 = 5;
  private static final int CANCELS_OF_100 = 6;
  private static final int REPLAYS_OF_100 = 6;
  private static final int LONGEST_PAUSE_MS = 500;
  private static final Duration PATIENCE = Duration.ofSeconds(8);
  private static final Duration PAUSE = Duration.ofMillis(200);
  private static final Set<Integer> COME_BACK = Set.of(429, 503);

  private final History history;
  private final List<Tenant> tenants;
  private final IntFunction<URI> replicas;
  private final long seed;
  private final String name;
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(2))
          .build();
  private final Verbs verbs;
  private final Map<String, String> runs = new ConcurrentHashMap<>();
  private final List<Thread> callers = new ArrayList<>();
  private final AtomicLong requests = new AtomicLong();
  private volatile boolean open = true;

  /**
   * @param replicas where each of the two replicas listens now
   * @param name a part of all keys, so that two drivers never share one
   */
  Driver(History history, List<Tenant> tenants, IntFunction<URI> replicas, long seed, String name) {
    this.history = history;
    this.tenants = tenants;
    this.replicas = replicas;
    this.seed = seed;
    this.name = name;
    this.verbs = new Verbs(history, http);
  }

  Driver start() {
    for (int i = 0; i < CALLERS; i++) {
      int number = i;
      Thread caller = new Thread(() -> call(number), "caller " + i);
      caller.setDaemon(true);
      caller.start();
      callers.add(caller);
    }
    return this;
  }

  long requests() {
    return requests.get();
  }

  /** Asks for nothing new, and returns when every request that was begun is accepted. */
  @Override
  public void close() {
    open = false;
    for (Thread caller : callers) {
      try {
        caller.join(Duration.ofMinutes(3).toMillis());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      if (caller.isAlive()) {
        history.violation(caller.getName() + " was not served for 3 minutes");
      }
    }
  }

  /** Each caller has jobs of its own, and sends a job's next run when the last one is accepted. */
  private void call(int number) {
    Random random = new Random(seed * 31 + number);
    List<Plan> fired = new ArrayList<>();
    for (int count = 0; open; count++) {
      String key = "k-%s-%d-%d".formatted(name, number, count);
      int replica = random.nextInt(2);
      if (!fired.isEmpty() && random.nextInt(100) < REPLAYS_OF_100) {
        replay(fired.get(random.nextInt(fired.size())), key, replica);
      } else {
        fired.add(fire(random, number, key, replica));
      }
      pause(Duration.ofMillis(random.nextInt(LONGEST_PAUSE_MS)));
    }
  }

  private Plan fire(Random random, int number, String key, int replica) {
    Tenant tenant = tenants.get(random.nextInt(tenants.size()));
    int job = random.nextInt(JOBS_OF_A_CALLER * 2);
    Plan plan =
        Plan.random(
            random,
            tenant,
            key,
            job < JOBS_OF_A_CALLER ? "job-%s-%d-%d".formatted(name, number, job) : null);
    if (random.nextInt(100) < TWINS_OF_100) {
      twice(plan, replica);
    } else {
      fire(plan, replica);
    }
    if (random.nextInt(100) < CANCELS_OF_100) {
      requests.incrementAndGet();
      verbs.cancel(plan, runs.get(key), replicas.apply(random.nextInt(2)));
    }
    return plan;
  }

  /** Fires again what has failed of an earlier run, if it has. */
  private void replay(Plan earlier, String key, int first) {
    String run = runs.get(earlier.key());
    requests.incrementAndGet();
    Plan again = verbs.again(earlier, run, key, replicas.apply(first));
    for (int attempt = 0; again != null; attempt++) {
      requests.incrementAndGet();
      if (verbs.replay(again, run, replicas.apply((first + attempt) % 2))) {
        return;
      }
      pause(PAUSE);
    }
  }

  /** The same request on both replicas at once. */
  private void twice(Plan plan, int replica) {
    Thread twin = new Thread(() -> fire(plan, 1 - replica), "twin");
    twin.setDaemon(true);
    twin.start();
    fire(plan, replica);
    try {
      twin.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Repeats a request until it is accepted, from one replica to the other. */
  private void fire(Plan plan, int first) {
    for (int attempt = 0; ask(plan, (first + attempt) % 2) / 100 != 2; attempt++) {
      pause(PAUSE);
    }
  }

  /** Asks one replica, once. The status, or 0 when nobody knows what became of it. */
  int ask(Plan plan, int replica) {
    requests.incrementAndGet();
    history.asked(plan);
    try {
      HttpResponse<String> answer =
          http.send(
              request(plan, replicas.apply(replica)).build(), HttpResponse.BodyHandlers.ofString());
      int status = answer.statusCode();
      if (status / 100 == 2) {
        String run = JSON.readTree(answer.body()).get("id").asText();
        runs.put(plan.key(), run);
        history.accepted(plan, run);
        return status;
      }
      if (!COME_BACK.contains(status)) {
        history.violation("%s was answered %d: %s".formatted(plan.key(), status, answer.body()));
      } else if (answer.headers().firstValue("Retry-After").isEmpty()) {
        history.violation("%s was answered %d without Retry-After".formatted(plan.key(), status));
      }
      return status;
    } catch (IOException unknown) {
      // Accepted or not: the key will tell.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return 0;
  }

  /** The request that fires a plan. */
  static HttpRequest.Builder request(Plan plan, URI replica) throws IOException {
    String token =
        Jwts.signedWith(
            ServiceClient.JWT_SECRET,
            Jwts.claims("\"tenant_id\":\"" + plan.tenant().name() + "\",\"role\":\"admin\""));
    return HttpRequest.newBuilder(replica.resolve("/api/v1/tenant/action-runs"))
        .timeout(PATIENCE)
        .header("Authorization", "Bearer " + token)
        .header("Content-Type", "application/json")
        .header("Idempotency-Key", plan.key())
        .POST(HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(plan.body())));
  }
}
