package io.fastyoke.integrations.faults;

import static io.fastyoke.integrations.support.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.fastyoke.integrations.process.ServiceProcess;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What has outlived its retention goes by itself, of all tenants, and nothing else does. */
class RetentionIT {
  private static final Duration LIMIT = Duration.ofNanos(60_000_000_000L);

  /** With the id of a run that was accepted so many days ago. */
  private static final String RUNS =
      """
      INSERT INTO action_runs (id, tenant_id, ordered, request, actions, connection_ids, created_at, status, finished_at,
        due_at, idempotency_key)
      SELECT (left(uuid_floor(now() - interval '%1$d days')::text, 24) || lpad(to_hex(i), 12, '0'))::uuid,
        'tenant-' || i %% 3, true, '{}', '[]', '{}', now() - interval '%1$d days', '%2$s',
        (%3$s)::timestamptz, (%4$s)::timestamptz, '%5$s ' || i
      FROM generate_series(1, %6$d) i
      """;

  @Test
  void finishedRunsGoAfterTheirDays() throws Exception {
    try (EmbeddedPostgres postgres = EmbeddedPostgres.builder().start();
        Connection connection = postgres.getPostgresDatabase().getConnection();
        Statement sql = connection.createStatement()) {
      Map<String, String> env = ServiceProcess.env(postgres);
      env.put("RUN_RETENTION_DAYS", "7");
      ServiceProcess.start(env).close();
      String later = "now() + interval '1 day'";
      // More than go in one statement.
      insert(sql, 9, "succeeded", "now() - interval '8 days'", "NULL", "old", 3_500);
      insert(sql, 10, "failed", "now() - interval '6 days'", "NULL", "late", 20);
      insert(sql, 11, "running", "NULL", later, "waiting", 20);
      insert(sql, 6, "cancelled", "now() - interval '6 days'", "NULL", "young", 20);
      try (ServiceProcess service = ServiceProcess.start(env)) {
        eventually(
            "what has expired is deleted",
            LIMIT,
            () -> count(sql, "idempotency_key LIKE \'old%\'") == 0);
        assertThat(count(sql, "true")).isEqualTo(60);
      }
    }
  }

  private static void insert(
      Statement sql, int days, String status, String finished, String due, String key, int count)
      throws SQLException {
    sql.execute(RUNS.formatted(days, status, finished, due, key, count));
  }

  private static long count(Statement sql, String where) throws SQLException {
    try (ResultSet row = sql.executeQuery("SELECT count(*) FROM action_runs WHERE " + where)) {
      row.next();
      return row.getLong(1);
    }
  }
}
