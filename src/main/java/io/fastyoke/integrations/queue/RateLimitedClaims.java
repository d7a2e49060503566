package io.fastyoke.integrations.queue;

import io.fastyoke.integrations.connections.SealedConnection;
import io.fastyoke.integrations.queue.batching.PipelinedTransactions;
import io.fastyoke.integrations.queue.batching.PipelinedTransactions.Statement;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Claims runs that are parked at connections, for their limits or for the end of a pause. The row
 * of the limiter is locked meanwhile, and one that another replica has locked is left to it, so the
 * limits hold over all replicas.
 */
@ApplicationScoped
public class RateLimitedClaims {
  /**
   * From limiter to limiter on the index (a loose index scan). What is looked up for each of them
   * has a {@code LIMIT}, because a planner that takes a table for small reads all of it instead,
   * and the plan stays while the table grows.
   */
  static final String WAITING =
      """
      WITH RECURSIVE waiting(gate) AS (
        (SELECT gate FROM action_runs WHERE gate IS NOT NULL AND due_at IS NULL ORDER BY gate LIMIT 1)
        UNION ALL
        SELECT (SELECT r.gate FROM action_runs r WHERE r.gate > w.gate AND r.due_at IS NULL ORDER BY r.gate LIMIT 1)
        FROM waiting w WHERE w.gate IS NOT NULL
      )""";

  static final String PREPARE =
      """
      %s
      INSERT INTO connection_gates (connection_id)
      SELECT c.id FROM waiting w CROSS JOIN LATERAL (
        SELECT x.id FROM connections x WHERE x.id = w.gate AND x.limited LIMIT 1) c
      ON CONFLICT DO NOTHING
      """
          .formatted(WAITING);

  /**
   * The rate is kept by the generic cell rate algorithm (ITU-T I.371): free_at moves on by one step
   * for each attempt. A step is 5 % longer than the rate asks for, because what leaves evenly does
   * not arrive evenly; and where steps are short, free_at may lag behind the clock by up to 20 ms,
   * so that a high rate needs no more than 50 turns a second. Without limits any more, without the
   * connection, or with a paused one, the limiter is open: what waits goes on to succeed or fail as
   * it would have. A paused connection that holds lets nothing start but one attempt as a probe.
   */
  static final String ADMIT =
      """
      %1$s, locked AS (
        SELECT g.connection_id, g.in_flight, g.free_at FROM connection_gates g
        WHERE g.connection_id IN (SELECT gate FROM waiting) FOR UPDATE SKIP LOCKED
      ), open AS (
        SELECT w.gate, c.tenant_id, s.limits AND l.connection_id IS NOT NULL AS counts, p.free_from, p.step,
          CASE
            WHEN s.held THEN ((c.trial_at <= now()) IS TRUE)::int
            WHEN NOT s.limits THEN $2
            WHEN l.connection_id IS NULL THEN 0
            ELSE LEAST($2, COALESCE(c.max_in_flight - l.in_flight, $2), CASE
              WHEN c.max_per_second IS NULL THEN $2
              WHEN p.free_from > now() THEN 0
              ELSE 1 + floor(extract(epoch FROM now() - p.free_from) / extract(epoch FROM p.step))::int END)
          END AS permits
        FROM waiting w
        LEFT JOIN LATERAL (
          SELECT x.tenant_id, x.status, x.limited, x.max_in_flight, x.max_per_second, x.when_paused, x.trial_at
          FROM connections x
          WHERE x.id = w.gate LIMIT 1) c ON true
        LEFT JOIN locked l ON l.connection_id = w.gate
        CROSS JOIN LATERAL (SELECT COALESCE(c.limited AND c.status = 'active', false) AS limits, COALESCE(%7$s, false) AS held) s
        CROSS JOIN LATERAL (SELECT make_interval(secs => 1.05 / COALESCE(c.max_per_second, 1)) AS step) i
        CROSS JOIN LATERAL (SELECT i.step,
          GREATEST(l.free_at, now() - GREATEST(interval '20 milliseconds' - i.step, interval '0')) AS free_from) p
        WHERE w.gate IS NOT NULL AND (c.tenant_id = ANY ($3::text[])) IS NOT TRUE
      ), passing AS (
        SELECT w.tenant_id, w.id, w.weight, o.gate, o.counts, row_number() OVER (PARTITION BY o.gate) AS turn
        FROM open o CROSS JOIN LATERAL (
          SELECT r.tenant_id, r.id, %5$s AS weight FROM action_runs r
          WHERE r.gate = o.gate AND r.due_at IS NULL AND r.tenant_id <> ALL ($3::text[])
          ORDER BY r.seq LIMIT GREATEST(0, o.permits)
          FOR UPDATE SKIP LOCKED) w
        WHERE o.permits > 0 AND (w.weight = 0 OR w.tenant_id <> ALL ($5::text[]))
      ), weighed AS (
        SELECT p.*, sum(p.weight) OVER (ORDER BY p.turn, p.gate) - p.weight AS before FROM passing p
      ), taken AS (
        SELECT * FROM (
          SELECT * FROM weighed WHERE weight = 0 OR before < $4::bigint ORDER BY turn LIMIT %4$d) first
        LIMIT $2
      ), counted AS (
        UPDATE connection_gates g SET
          in_flight = g.in_flight + t.passed,
          free_at = o.free_from + t.passed * o.step
        FROM (SELECT gate, count(*)::int AS passed FROM taken WHERE counts GROUP BY gate) t JOIN open o USING (gate)
        WHERE g.connection_id = t.gate
      )
      UPDATE action_runs r SET
        status = 'running',
        due_at = %6$s,
        gate = CASE WHEN taken.counts THEN taken.gate END,
        attempt = r.attempt + 1,
        in_flight = true,
        lease_token = r.lease_token + 1,
        lease_owner = $1,
        fired_provider = c.provider
      FROM taken LEFT JOIN connections c ON c.id = taken.gate
      WHERE r.tenant_id = taken.tenant_id AND r.id = taken.id
      RETURNING %2$s, %3$s
      """
          .formatted(
              WAITING,
              RunRows.CLAIMED,
              SealedConnection.COLUMNS,
              ClaimRuns.MAX_RUNS,
              RequestSize.SQL,
              Lease.END,
              Hold.HOLDS);

  /**
   * Only the rate lets runs start by the passing of time; all else that does wakes the dispatcher.
   * The limiters of tenants that were passed over are looked at when those may have more in flight.
   */
  static final String NEXT =
      """
      %s
      SELECT extract(epoch FROM min(GREATEST(g.free_at, now())) - now())::float8 AS seconds
      FROM waiting w JOIN connection_gates g ON g.connection_id = w.gate JOIN connections c ON c.id = w.gate
      WHERE c.status = 'active' AND c.max_per_second IS NOT NULL AND (c.max_in_flight IS NULL OR g.in_flight < c.max_in_flight)
        AND c.tenant_id <> ALL ($1::text[])
      """
          .formatted(WAITING);

  private final PipelinedTransactions pipeline;
  private final RunRows rows;

  RateLimitedClaims(PipelinedTransactions pipeline, RunRows rows) {
    this.pipeline = pipeline;
    this.rows = rows;
  }

  /**
   * The runs that the limits let start.
   *
   * @param runs this replica has them and must execute them now
   * @param nextIn when a rate lets the next one start; null when no rate holds anything back
   */
  public record Admitted(List<ClaimedRun> runs, @Nullable Duration nextIn) {}

  /** Claims runs that the limits let start, no more than {@link ClaimRuns#MAX_RUNS}. */
  public Uni<Admitted> claim(ClaimRequest request) {
    long nanos = System.nanoTime();
    return pipeline
        .transaction(
            List.of(
                new Statement(PREPARE, Tuple.tuple()),
                new Statement(
                    ADMIT,
                    Tuple.of(
                        request.id(),
                        request.most(),
                        request.exceptNames(),
                        request.budget().characters(),
                        request.fullTenants())),
                new Statement(NEXT, Tuple.of(request.exceptNames()))))
        .map(results -> admitted(results.get(1), results.get(2), nanos));
  }

  private Admitted admitted(RowSet<Row> passed, RowSet<Row> next, long nanos) {
    List<ClaimedRun> runs = new ArrayList<>(passed.size());
    passed.forEach(row -> runs.add(rows.claimed(row, false, null, nanos)));
    Double seconds = next.iterator().next().getDouble("seconds");
    return new Admitted(
        runs, seconds == null ? null : Duration.ofNanos((long) (seconds * 1_000_000_000)));
  }

  /**
   * Releases what attempts counted towards their limits; part of the statement that records them.
   * The limiters are locked in one order, so that two transactions never wait for each other
   * crosswise.
   */
  static String release(String closed) {
    return """
        UPDATE connection_gates g SET in_flight = GREATEST(0, g.in_flight - x.ended)
        FROM (
          SELECT o.connection_id, e.ended
          FROM (SELECT gate, count(*)::int AS ended FROM %s WHERE gate IS NOT NULL GROUP BY gate) e
          JOIN connection_gates o ON o.connection_id = e.gate
          ORDER BY o.connection_id FOR UPDATE OF o) x
        WHERE g.connection_id = x.connection_id
        """
        .formatted(closed);
  }
}
