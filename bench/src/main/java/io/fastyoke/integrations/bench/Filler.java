package io.fastyoke.integrations.bench;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * Fills the database with what years of use leave there, copied from a row of the service's own.
 */
final class Filler {
  private static final String SAMPLE =
      "SELECT * FROM action_runs WHERE status = 'succeeded' AND job_id IS NOT NULL ORDER BY seq"
          + " LIMIT 1";

  /** Finished in the last twenty days, so that the retention leaves them alone. */
  private static final String FINISHED =
      """
      WITH sample AS MATERIALIZED (%s),
      fresh AS MATERIALIZED (
        SELECT uuidv7(-(random() * interval '20 days')) AS id, uuidv7() AS delivery FROM generate_series(1, %d)),
      runs AS (
        INSERT INTO action_runs (id, tenant_id, job_id, ordered, idempotency_key, request_hash, request, actions,
          connection_ids, status, created_at, finished_at, next_connection, attempt, lease_token, lease_owner)
        SELECT f.id, s.tenant_id, 'old-' || f.id, true, 'old-' || f.id, s.request_hash, s.request, s.actions,
          s.connection_ids, 'succeeded', uuid_extract_timestamp(f.id), uuid_extract_timestamp(f.id),
          s.next_connection, 1, 2, s.lease_owner
        FROM fresh f, sample s),
      events AS (
        INSERT INTO event_log (id, tenant_id, run_id, job_id, action_index, delivery_id, connection_id, provider,
          event_type, outcome, attempt, request_method, request_url, response_status, duration_ms, ends_action, occurred_at)
        SELECT f.id, s.tenant_id, f.id, 'old-' || f.id, 0, f.delivery, s.next_connection, 'generic_rest',
          'WEBHOOK', 'success', 1, 'POST', 'http://127.0.0.1/hooks/job-started', 200, 1, true,
          uuid_extract_timestamp(f.id)
        FROM fresh f, sample s)
      INSERT INTO utility_ledger (id, tenant_id, kind, run_id, delivery_id, connection_id, provider, occurred_at)
      SELECT f.id, s.tenant_id, 'WebhookEgress', f.id, f.delivery, s.next_connection, 'generic_rest',
        uuid_extract_timestamp(f.id)
      FROM fresh f, sample s
      """;

  /** Spread over a hundred tenants and the next 24 hours, the first after the measurement. */
  private static final String SCHEDULED =
      """
      WITH sample AS MATERIALIZED (%s)
      INSERT INTO action_runs (id, tenant_id, job_id, ordered, request_hash, request, actions, connection_ids, status,
        created_at, due_at, next_connection, attempt, lease_token, lease_owner)
      SELECT uuidv7(), CASE WHEN i %% 2 = 0 THEN s.tenant_id ELSE 'waiting-' || i %% 100 END, 'waiting-' || i, true,
        s.request_hash, s.request, s.actions, s.connection_ids, 'running', now(),
        now() + interval '1 hour' + random() * interval '23 hours', s.next_connection, 1, 1, s.lease_owner
      FROM generate_series(1, %d) i, sample s
      """;

  private static final int BATCH = 250_000;

  private Filler() {}

  /** Adds finished runs, each with its event and its charge. */
  static void finished(Postgres postgres, long runs) throws SQLException {
    fill(postgres, FINISHED, runs);
  }

  /** Adds runs that wait for their next attempt. */
  static void scheduled(Postgres postgres, long runs) throws SQLException {
    fill(postgres, SCHEDULED, runs);
  }

  private static void fill(Postgres postgres, String sql, long runs) throws SQLException {
    try (Connection connection = postgres.connect(Postgres.SERVICE);
        Statement statement = connection.createStatement()) {
      for (long left = runs; left > 0; left -= BATCH) {
        statement.execute(sql.formatted(SAMPLE, Math.min(left, BATCH)));
      }
      statement.execute("VACUUM ANALYZE");
      statement.execute("CHECKPOINT");
    }
  }
}
