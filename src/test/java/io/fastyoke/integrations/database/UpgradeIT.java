package io.fastyoke.integrations.database;

import static io.fastyoke.integrations.support.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.fastyoke.integrations.process.ServiceClient.Answer;
import io.fastyoke.integrations.process.ServiceProcess;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;

/**
 * A new replica migrates under the traffic of an old one, and both go on side by side. The old one
 * is the previous build with {@code -Dprevious.jar}, or else this build on the oldest schema that
 * it works with: older ones lack a column that it writes.
 */
class UpgradeIT {
  private static final String PREVIOUS = System.getProperty("previous.jar", "");
  private static final String SCHEMA_BEFORE = "19";
  private static final int CALLERS = 4;

  @Test
  void nothingIsLostOrDoubleAndNoRequestFails() throws Exception {
    try (Tenant tenant = new Tenant();
        PostgresVersion postgres = new PostgresVersion(16)) {
      postgres.as("postgres", "postgres").run(Documented.block("createrole"));
      Map<String, String> env = LoginsIT.env(postgres.url("app", "app"));
      ExecutorService callers = Executors.newFixedThreadPool(CALLERS);
      AtomicBoolean over = new AtomicBoolean();
      try (ServiceProcess old = startOld(postgres, env)) {
        String connection = tenant.connect(old.baseUri());
        List<URI> replicas = new java.util.concurrent.CopyOnWriteArrayList<>();
        replicas.add(old.baseUri());
        AtomicInteger fired = new AtomicInteger();
        List<Future<?>> traffic = new ArrayList<>();
        for (int i = 0; i < CALLERS; i++) {
          traffic.add(callers.submit(() -> fire(tenant, connection, replicas, fired, over)));
        }
        eventually("50 are fired", () -> fired.get() >= 50);
        try (ServiceProcess next = ServiceProcess.start(env)) {
          replicas.add(next.baseUri());
          int before = fired.get();
          eventually("200 more are fired", () -> fired.get() >= before + 200);
          over.set(true);
          for (Future<?> each : traffic) {
            each.get();
          }
        }
        callers.shutdownNow();
        assertThat(newest(postgres)).isGreaterThanOrEqualTo(Integer.parseInt(SCHEMA_BEFORE));
        assertThat(runs(postgres)).containsExactly("0");
        assertThat(tenant.arrivals).doesNotHaveDuplicates().hasSizeGreaterThanOrEqualTo(250);
      }
    }
  }

  private static ServiceProcess startOld(PostgresVersion postgres, Map<String, String> env) {
    if (!PREVIOUS.isEmpty()) {
      return ServiceProcess.launch(env, Path.of(PREVIOUS)).awaitReady();
    }
    Flyway.configure()
        .dataSource(postgres.server.getDatabase("app", "app"))
        .locations("classpath:db/migration")
        .target(SCHEMA_BEFORE)
        .load()
        .migrate();
    Map<String, String> old = new HashMap<>(env);
    old.put("FASTYOKE_DATABASE_MIGRATE_AT_START", "false");
    return ServiceProcess.start(old);
  }

  /** One after the other until it is told to stop; replicas in turn. */
  private static void fire(
      Tenant tenant,
      String connection,
      List<URI> replicas,
      AtomicInteger fired,
      AtomicBoolean over) {
    while (!over.get()) {
      int turn = fired.incrementAndGet();
      Answer answer =
          tenant.fire(replicas.get(turn % replicas.size()), connection, "job" + turn % 7, "/x");
      assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    }
  }

  private static int newest(PostgresVersion postgres) {
    return Integer.parseInt(
        postgres
            .as("postgres", "app")
            .first("SELECT max(version::int) FROM flyway_schema_history WHERE success"));
  }

  /** How many runs are not done, or not charged once. */
  private static List<String> runs(PostgresVersion postgres) throws Exception {
    return postgres
        .as("postgres", "app")
        .list(
            "SELECT count(*) FROM action_runs r WHERE status <> 'succeeded' OR 1 <>"
                + " (SELECT count(*) FROM utility_ledger l WHERE l.run_id = r.id)");
  }
}
