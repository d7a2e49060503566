package io.fastyoke.integrations.runs;

import io.fastyoke.integrations.connections.SealedConnection;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.UUID;

/**
 * Takes due runs for this replica, tenant by tenant in turn, without waiting for other replicas. A
 * run whose connection has limits is parked at that connection's gate instead, where {@link
 * AdmitRuns} lets it through.
 */
@ApplicationScoped
public class ClaimRuns {
  /**
   * Runs in one claim. Stands in the statement itself, because a planner that is not told expects a
   * tenth of the table and reads all of it.
   */
  static final int MOST = 64;

  /**
   * Walks from tenant to tenant on the index (a loose index scan), takes the oldest due runs of
   * each, and among those the first of every tenant before the second of any. A due run that is in
   * flight has lost its holder; its claim has a name of its own ($4), because nobody may say of it
   * that it was never begun. IS TRUE keeps the index of what is due out of the second look, which
   * is for one row by its key.
   */
  static final String CLAIM =
      """
      WITH RECURSIVE tenants(tenant_id) AS (
        (SELECT tenant_id FROM action_runs WHERE due_at IS NOT NULL ORDER BY tenant_id LIMIT 1)
        UNION ALL
        SELECT (SELECT r.tenant_id FROM action_runs r
          WHERE r.due_at IS NOT NULL AND r.tenant_id > t.tenant_id ORDER BY r.tenant_id LIMIT 1)
        FROM tenants t WHERE t.tenant_id IS NOT NULL
      ), candidates AS (
        SELECT * FROM (
          SELECT due.* FROM tenants t CROSS JOIN LATERAL (
            SELECT r.tenant_id, r.id, r.due_at, row_number() OVER (ORDER BY r.due_at) AS turn
            FROM action_runs r
            WHERE r.tenant_id = t.tenant_id AND r.due_at <= now() AND r.id <> ALL ($5::uuid[])
              AND (NOT r.in_flight OR $6::boolean)
            ORDER BY r.due_at LIMIT %1$d) due
          WHERE t.tenant_id <> ALL ($3::text[])
          ORDER BY due.turn, due.due_at LIMIT %1$d) first
        LIMIT $2
      ), taken AS (
        SELECT r.*, c.id AS connection,
          NOT r.in_flight AND NOT r.cancel_requested AND COALESCE(c.limited AND c.status = 'active', false) AS parks
        FROM candidates CROSS JOIN LATERAL (
          SELECT w.tenant_id, w.id, w.in_flight, w.cancel_requested, w.next_connection FROM action_runs w
          WHERE w.tenant_id = candidates.tenant_id AND w.id = candidates.id AND (w.due_at <= now()) IS TRUE
          FOR UPDATE SKIP LOCKED) r
        LEFT JOIN connections c ON c.id = r.next_connection AND c.tenant_id = r.tenant_id
      ), claimed AS (
        UPDATE action_runs r SET
          status = CASE WHEN taken.parks THEN r.status ELSE 'running' END,
          due_at = CASE WHEN NOT taken.parks THEN now() + make_interval(secs => 15 + COALESCE(c.timeout_ms, 30000) / 1000.0) END,
          gate = CASE WHEN taken.parks THEN taken.connection WHEN taken.in_flight THEN r.gate END,
          attempt = r.attempt + (NOT taken.parks AND NOT r.in_flight AND NOT r.cancel_requested)::int,
          in_flight = r.in_flight OR NOT taken.parks AND NOT r.cancel_requested,
          lease_token = r.lease_token + 1,
          lease_owner = CASE WHEN taken.in_flight THEN $4::uuid ELSE $1::uuid END,
          fired_provider = CASE WHEN taken.in_flight THEN COALESCE(r.fired_provider, c.provider) ELSE c.provider END
        FROM taken LEFT JOIN connections c ON c.id = taken.connection
        WHERE r.tenant_id = taken.tenant_id AND r.id = taken.id
        RETURNING taken.in_flight AS interrupted, taken.parks, %2$s, %3$s
      )
      SELECT found.candidates, claimed.*
      FROM (SELECT count(*)::int AS candidates FROM candidates HAVING count(*) > 0) found LEFT JOIN claimed ON true
      """
          .formatted(MOST, RunRows.CLAIMED, SealedConnection.COLUMNS);

  /**
   * After an outage leases have ended all over, and their holders are about to record what they
   * know. For so long nobody takes their runs for interrupted ones.
   */
  private static final Duration GRACE = Duration.ofSeconds(3);

  private final Pipeline pipeline;
  private final RunRows rows;
  private final Executing executing;
  private final GiveBack giveBack;
  private volatile long failedAt = System.nanoTime() - GRACE.toNanos();

  ClaimRuns(Pipeline pipeline, RunRows rows, Executing executing, GiveBack giveBack) {
    this.pipeline = pipeline;
    this.rows = rows;
    this.executing = executing;
    this.giveBack = giveBack;
  }

  /**
   * What was due.
   *
   * @param runs this replica has them and must execute them now
   * @param parked how many more wait at a gate from now on
   * @param candidates how many there were, with those that another replica was faster to take
   */
  record Claimed(List<ClaimedRun> runs, int parked, int candidates) {
    /** Others were at the same runs, so more may be due than were seen. */
    boolean isContested() {
      return runs.size() + parked < candidates;
    }
  }

  /**
   * Claims up to {@code most} runs, and no more than {@link #MOST}.
   *
   * @param except tenants that have enough in flight on this replica
   */
  Uni<Claimed> claim(int most, Collection<String> except) {
    UUID owner = UUID.randomUUID();
    long nanos = System.nanoTime();
    return pipeline
        .execute(
            CLAIM,
            Tuple.of(
                owner,
                most,
                except.toArray(new String[0]),
                UUID.randomUUID(),
                executing.old(),
                nanos - failedAt >= GRACE.toNanos()))
        .map(found -> claimed(found, nanos))
        .onFailure()
        .invoke(
            failure -> {
              failedAt = System.nanoTime();
              giveBack.neverBegun(owner);
            });
  }

  private Claimed claimed(RowSet<Row> found, long nanos) {
    List<ClaimedRun> runs = new ArrayList<>(found.size());
    int parked = 0;
    int candidates = 0;
    for (Row row : found) {
      candidates = row.getInteger("candidates");
      if (Boolean.TRUE.equals(row.getBoolean("parks"))) {
        parked++;
      } else if (row.getUUID("id") != null) {
        runs.add(rows.claimed(row, row.getBoolean("interrupted"), nanos));
      }
    }
    return new Claimed(runs, parked, candidates);
  }
}
