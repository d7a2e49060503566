package io.fastyoke.integrations.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * pgbench with the least SQL that a durable fire can do, on a copy of the service's schema, as the
 * service's role, with the values of a row that the service itself has written. One statement is
 * one transaction: accept (insert the run, read the connection) and record (close the run, log,
 * charge). Locks for the order within a job are left out, so the limit is rather too high.
 */
final class Pgbench {
  /** One fire per two transactions (L2). */
  static final int SINGLE = 1;

  /** Fires per two transactions of L3. */
  static final int GROUP = 50;

  private static final Pattern RATE = Pattern.compile("tps = ([0-9.]+)");

  private static final String INSERT =
      """
      INSERT INTO action_runs (id, tenant_id, job_id, ordered, idempotency_key, request_hash, request, actions,
          connection_ids, created_at, next_connection, status, due_at, attempt, in_flight, lease_token, lease_owner)
        SELECT id, :tenant, 'job-' || id, true, 'event-' || id, :hash::bytea, :request, :pending,
          ARRAY[:connection::uuid], now(), :connection::uuid, 'running', now() + interval '45 s', 1, true, 1,
          :connection::uuid
        FROM (SELECT uuidv7() AS id FROM generate_series(1, %d)) fresh
        RETURNING id, tenant_id, next_connection\
      """;

  private static final String ACCEPT =
      """
      WITH run AS (
        %s
      ) SELECT %s AS runs, %s AS credentials, max(c.provider) AS provider, max(c.timeout_ms) AS timeout
      FROM run JOIN connections c ON c.id = run.next_connection AND c.tenant_id = run.tenant_id \\gset
      """;

  private static final String RECORD =
      """
      WITH closed AS (
        UPDATE action_runs SET actions = :done, status = 'succeeded', finished_at = now(), due_at = NULL,
          in_flight = false, lease_token = lease_token + 1
        WHERE tenant_id = :tenant AND id = ANY (:runs::uuid[]) AND lease_token = 1
        RETURNING id, tenant_id, job_id, next_connection, uuidv7() AS event, uuidv7() AS delivery
      ), logged AS (
        INSERT INTO event_log (id, tenant_id, run_id, job_id, action_index, delivery_id, connection_id, provider,
          event_type, transition_event_type, outcome, attempt, request_method, request_url, response_status,
          response_headers, duration_ms, actor, ends_action, occurred_at)
        SELECT event, tenant_id, id, job_id, 0, delivery, next_connection, 'generic_rest', 'WEBHOOK', 'start',
          'success', 1, 'POST', :url, 200, :headers, 1, 'engine', true, now() FROM closed
      )
      INSERT INTO utility_ledger (id, tenant_id, kind, run_id, delivery_id, connection_id, provider, occurred_at)
      SELECT uuidv7(), tenant_id, 'WebhookEgress', id, delivery, next_connection, 'generic_rest', now() FROM closed
      ON CONFLICT DO NOTHING;
      """;

  /** A finished run as the service has stored it, by the names that the statements use. */
  private static final String SAMPLE =
      """
      SELECT r.tenant_id AS tenant, r.request_hash::text AS hash, r.request, r.actions AS done,
        regexp_replace(replace(r.actions, 'succeeded', 'pending'), '"(response_status|duration_ms)":[0-9]+', '"\\1":null', 'g')
          AS pending,
        r.connection_ids[1]::text AS connection, e.request_url AS url, e.response_headers AS headers
      FROM action_runs r JOIN event_log e ON e.tenant_id = r.tenant_id AND e.run_id = r.id
      WHERE r.status = 'succeeded' AND r.idempotency_key IS NOT NULL LIMIT 1
      """;

  private final Postgres postgres;
  private final Path folder;
  private final Map<String, String> values = new TreeMap<>();

  private Pgbench(Postgres postgres, Path folder) {
    this.postgres = postgres;
    this.folder = folder;
  }

  /** Prepares it from what the service has written. */
  static Pgbench prepare(Postgres postgres, Path folder) throws SQLException {
    Pgbench pgbench = new Pgbench(postgres, folder);
    postgres.copyForLimits();
    try (Connection connection = postgres.connect(Postgres.LIMITS);
        Statement statement = connection.createStatement();
        ResultSet sample = statement.executeQuery(SAMPLE)) {
      sample.next();
      for (int column = 1; column <= sample.getMetaData().getColumnCount(); column++) {
        pgbench.values.put(sample.getMetaData().getColumnLabel(column), sample.getString(column));
      }
      statement.execute("CHECKPOINT");
    }
    return pgbench;
  }

  /** Fires per second. */
  double run(int clients, int firesPerTransaction, int seconds)
      throws IOException, InterruptedException {
    Path script = folder.resolve("pgbench-" + firesPerTransaction + ".sql");
    Files.writeString(script, script(firesPerTransaction));
    List<String> command =
        new ArrayList<>(
            List.of("pgbench", "-n", "-M", "prepared", "-f", script.toString(), "-j", "2"));
    command.addAll(List.of("-c", String.valueOf(clients), "-T", String.valueOf(seconds)));
    values.forEach((name, value) -> command.addAll(List.of("-D", name + "=" + value)));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    postgres.describeTo(builder, Postgres.LIMITS);
    builder.environment().put("PGOPTIONS", "-c role=fastyoke_integrations_engine");
    Process process = builder.start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    Matcher rate = RATE.matcher(said);
    if (process.waitFor() != 0 || !rate.find()) {
      throw new IOException("pgbench failed:\n" + said);
    }
    return Double.parseDouble(rate.group(1)) * firesPerTransaction;
  }

  private static String script(int fires) {
    return ACCEPT.formatted(
            INSERT.formatted(fires).strip(),
            "array_agg(run.id)",
            "string_agg(encode(c.credentials, 'hex'), '')")
        + RECORD;
  }
}
