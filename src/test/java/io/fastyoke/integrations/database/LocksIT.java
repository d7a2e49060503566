package io.fastyoke.integrations.database;

import static org.assertj.core.api.Assertions.assertThat;

import io.fastyoke.integrations.process.ServiceProcess;
import io.fastyoke.integrations.support.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * How long traffic stands still while all migrations since the first release run on many rows; only
 * with {@code -Dlocks.rows=5000000}, which takes minutes and 10 GB.
 */
@EnabledIfSystemProperty(named = "locks.rows", matches = "\\d+")
class LocksIT {
  private static final long ROWS = Long.getLong("locks.rows", 0);
  private static final int BATCH = 250_000;
  private static final long PROMISED_MS = 2_000;

  /** What each table is used for all the time. */
  private static final Map<String, String> TRAFFIC =
      new TreeMap<>(
          Map.of(
              "connections",
                  "UPDATE connections SET updated_at = now() WHERE id IN (SELECT id FROM connections LIMIT 1)",
              "action_runs", runs(1),
              "event_log", events(1),
              "utility_ledger", charges(1),
              "connection_gates", "UPDATE connection_gates SET free_at = now()"));

  private static String id() {
    return "(left(uuid_floor(now() - random() * (now() - date_trunc('month', now(), 'UTC')))::text, 14) || right(gen_random_uuid()::text, 22))::uuid";
  }

  private static String runs(long rows) {
    return "INSERT INTO action_runs (id, tenant_id, job_id, ordered, idempotency_key, request_hash, request, actions,"
        + " connection_ids, status, created_at, finished_at, attempt, lease_token)"
        + " SELECT gen_random_uuid(), 't' || i % 100, 'j' || i, true, gen_random_uuid()::text, '\\x00', repeat('x', 300),"
        + " repeat('y', 200), '{}', 'succeeded', now(), now(), 1, 2 FROM generate_series(1, "
        + rows
        + ") i";
  }

  private static String events(long rows) {
    return "INSERT INTO event_log (id, tenant_id, run_id, job_id, action_index, delivery_id, event_type, outcome, occurred_at)"
        + " SELECT "
        + id()
        + ", 't', gen_random_uuid(), 'j' || i, 0, gen_random_uuid(), 'WEBHOOK', 'success', now() FROM generate_series(1, "
        + rows
        + ") i";
  }

  private static String charges(long rows) {
    return "INSERT INTO utility_ledger (id, tenant_id, kind, run_id, delivery_id, provider, occurred_at)"
        + " SELECT "
        + id()
        + ", 't', 'WebhookEgress', gen_random_uuid(), gen_random_uuid(), 'generic_rest', now() FROM generate_series(1, "
        + rows
        + ") i";
  }

  @Test
  void noMigrationStopsTraffic() throws Exception {
    try (PostgresVersion postgres = new PostgresVersion(16)) {
      Sql administrator = postgres.as("postgres", "postgres");
      administrator.run(Documented.block("createrole"));
      Flyway.configure()
          .dataSource(postgres.server.getDatabase("app", "app"))
          .locations("classpath:db/previous")
          .load()
          .migrate();
      Sql sql = postgres.as("postgres", "app");
      fill(sql);
      AtomicBoolean over = new AtomicBoolean();
      ExecutorService callers = Executors.newCachedThreadPool();
      Map<String, Future<Long>> waits = new TreeMap<>();
      TRAFFIC.forEach(
          (table, statement) ->
              waits.put(table, callers.submit(() -> longest(sql, statement, over))));
      long begun = System.nanoTime();
      try (ServiceProcess service =
          ServiceProcess.launch(LoginsIT.env(postgres.url("app", "app")), "migrate")) {
        assertThat(service.exitCode()).as(service.log()).isZero();
      }
      long took = (System.nanoTime() - begun) / 1_000_000;
      over.set(true);
      List<String> figures = new ArrayList<>();
      for (Map.Entry<String, Future<Long>> each : waits.entrySet()) {
        long longest = each.getValue().get();
        figures.add(each.getKey() + " " + longest + " ms");
        assertThat(longest).as(each.getKey()).isLessThan(PROMISED_MS);
      }
      callers.shutdown();
      System.out.printf("[locks] %,d rows, migrated in %d ms; longest: %s%n", ROWS, took, figures);
    }
  }

  private static void fill(Sql sql) throws SQLException {
    sql.run(
        "INSERT INTO connections (id, tenant_id, provider, connection_name, credentials, key_id, created_at, updated_at, created_by)"
            + " SELECT gen_random_uuid(), 't' || i, 'generic_rest', 'c' || i, '\\x00', 'k', now(), now(), 'me'"
            + " FROM generate_series(1, "
            + ROWS / 50
            + ") i");
    sql.run("INSERT INTO connection_gates (connection_id) SELECT id FROM connections LIMIT 10");
    for (long left = ROWS; left > 0; left -= BATCH) {
      long rows = Math.min(left, BATCH);
      sql.run(runs(rows));
      sql.run(events(rows));
      sql.run(charges(rows));
    }
    sql.run("VACUUM ANALYZE; CHECKPOINT");
  }

  /** The longest that one statement took, in ms. */
  private static long longest(Sql sql, String statement, AtomicBoolean over) throws SQLException {
    long longest = 0;
    try (Connection connection = sql.source().open();
        Statement one = connection.createStatement()) {
      while (!over.get()) {
        long begun = System.nanoTime();
        one.execute(statement);
        longest = Math.max(longest, System.nanoTime() - begun);
      }
    }
    return longest / 1_000_000;
  }
}
