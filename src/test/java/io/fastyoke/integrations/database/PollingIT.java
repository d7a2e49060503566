package io.fastyoke.integrations.database;

import static io.fastyoke.integrations.support.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.fastyoke.integrations.process.ServiceClient;
import io.fastyoke.integrations.process.ServiceProcess;
import io.fastyoke.integrations.support.LoopbackServer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Behind a pooler nobody can listen: how long work of one replica waits until another one finds it.
 * A measurement, so it is not part of the usual tests.
 */
@EnabledIfSystemProperty(named = "database.matrix", matches = "all")
class PollingIT {
  private static final int RUNS = 40;

  /** What a replica that listens waits for a lost notification. */
  private static final long WITHOUT_POLLING_MS = 1_000;

  private final Map<String, Long> arrivals = new ConcurrentHashMap<>();
  private final CountDownLatch busy = new CountDownLatch(1);
  private final ServiceClient tenant = ServiceClient.tenant("polling");

  @Test
  void anotherReplicaFindsWorkWithinAQuarterOfASecond() throws Exception {
    try (PostgresVersion postgres = new PostgresVersion(16);
        PgBouncer pooler = new PgBouncer(postgres.server.getPort(), "transaction");
        LoopbackServer receiver =
            LoopbackServer.start()
                .on(
                    "/busy",
                    exchange -> {
                      hold();
                      LoopbackServer.answer(exchange, 204);
                    })
                .on(
                    "/run",
                    exchange -> {
                      arrivals.put(exchange.getRequestURI().getPath(), System.nanoTime());
                      LoopbackServer.answer(exchange, 204);
                    })) {
      postgres
          .as("postgres", "postgres")
          .run("CREATE ROLE app LOGIN PASSWORD 'secret'; CREATE DATABASE app OWNER app");
      Map<String, String> env = LoginsIT.env(pooler.url("app", "app"));
      Map<String, String> one = new HashMap<>(env);
      one.put("WORKER_CONCURRENCY", "1");
      try (ServiceProcess full = ServiceProcess.start(one);
          ServiceProcess other = ServiceProcess.start(env)) {
        assertThat(LoginsIT.ready(other)).contains("through a pooler");
        String connection = tenant.connect(full.baseUri(), "receiver", receiver.url());
        fire(full, connection, "/busy");
        List<Long> waits = new ArrayList<>();
        for (int i = 0; i < RUNS; i++) {
          String path = "/run/" + i;
          long accepted = fire(full, connection, path);
          eventually("the other replica sends it", () -> arrivals.containsKey(path));
          waits.add(TimeUnit.NANOSECONDS.toMillis(arrivals.get(path) - accepted));
        }
        busy.countDown();
        waits.sort(null);
        System.out.printf(
            "accepted by a replica without a permit, sent by another: %d to %d ms, median %d ms%n",
            waits.get(0), waits.get(RUNS - 1), waits.get(RUNS / 2));
        assertThat(waits.get(RUNS / 2)).isLessThan(WITHOUT_POLLING_MS / 2);
      }
    }
  }

  /** When it was accepted. */
  private long fire(ServiceProcess at, String connection, String path) {
    Map<String, Object> template = Map.of("connection_id", connection, "path", path);
    Map<String, Object> action = Map.of("action_type", "WEBHOOK", "payload_template", template);
    ServiceClient.Answer answer =
        tenant.send(
            at.baseUri(),
            "POST",
            "/api/v1/tenant/action-runs",
            Map.of("actions", List.of(action)),
            "wait=0");
    long accepted = System.nanoTime();
    assertThat(answer.status()).as(answer.body()).isEqualTo(202);
    return accepted;
  }

  private void hold() {
    try {
      busy.await(1, TimeUnit.MINUTES);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
