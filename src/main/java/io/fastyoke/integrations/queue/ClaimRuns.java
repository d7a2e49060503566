package io.fastyoke.integrations.queue;

import io.fastyoke.integrations.connections.SealedConnection;
import io.fastyoke.integrations.queue.batching.PipelinedTransactions;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Claims due runs for this replica, round-robin over the tenants, without waiting for other
 * replicas ({@code SKIP LOCKED}). A run whose connection has limits, or is paused and holds ({@link
 * Hold}), is parked there instead, for {@link RateLimitedClaims}.
 */
@ApplicationScoped
public class ClaimRuns {
  /**
   * Runs in one claim. Stands in the statement itself, because a planner that is not told expects a
   * tenth of the table and reads all of it.
   */
  public static final int MAX_RUNS = 64;

  /** Tenants that one claim looks at; the next one goes on behind them. */
  private static final int WALK = 256;

  /**
   * Walks from tenant to tenant on the index (a loose index scan), takes the oldest due runs of
   * each, and among those the first of every tenant before the second of any. A due run that is in
   * flight has lost its holder; its claim has a name of its own ($4), because it must never be
   * released as if it had not been started. Large requests are taken as far as there is room for
   * them. IS TRUE keeps the index of what is due out of the second look, which is for one row by
   * its key.
   */
  static final String CLAIM =
      """
      WITH RECURSIVE tenants(tenant_id, place) AS (
        (SELECT tenant_id, 1 FROM action_runs WHERE due_at IS NOT NULL AND tenant_id > $6
          ORDER BY tenant_id, due_at LIMIT 1)
        UNION ALL
        SELECT (SELECT r.tenant_id FROM action_runs r
          WHERE r.due_at IS NOT NULL AND r.tenant_id > t.tenant_id ORDER BY r.tenant_id, r.due_at LIMIT 1), t.place + 1
        FROM tenants t WHERE t.tenant_id IS NOT NULL AND t.place < %5$d
      ), candidates AS (
        SELECT * FROM (
          SELECT weighed.* FROM (
            SELECT due.*, sum(due.weight) OVER (ORDER BY due.turn, due.due_at, due.id) - due.weight AS before
            FROM tenants t CROSS JOIN LATERAL (
              SELECT r.tenant_id, r.id, r.due_at, row_number() OVER (ORDER BY r.due_at) AS turn, %4$s AS weight
              FROM action_runs r
              WHERE r.tenant_id = t.tenant_id AND r.due_at <= now() AND r.id <> ALL ($5::uuid[])
                AND (NOT r.in_flight OR $10::boolean)
              ORDER BY r.due_at LIMIT $7) due
            WHERE t.tenant_id <> ALL ($3::text[]) AND (due.weight = 0 OR t.tenant_id <> ALL ($9::text[]))) weighed
          WHERE weighed.weight = 0 OR weighed.before < $8::bigint
          ORDER BY weighed.turn, weighed.due_at LIMIT %1$d) first
        LIMIT $2
      ), taken AS (
        SELECT r.*, candidates.due_at AS was_due, c.id AS connection,
          NOT r.in_flight AND NOT r.cancel_requested AND COALESCE(CASE WHEN c.status = 'active' THEN c.limited
            ELSE %7$s AND %8$s > now() END, false) AS parks
        FROM candidates CROSS JOIN LATERAL (
          SELECT w.tenant_id, w.id, w.in_flight, w.cancel_requested, w.next_connection, w.created_at FROM action_runs w
          WHERE w.tenant_id = candidates.tenant_id AND w.id = candidates.id AND (w.due_at <= now()) IS TRUE
          FOR UPDATE SKIP LOCKED) r
        LEFT JOIN connections c ON c.id = r.next_connection AND (c.tenant_id = r.tenant_id) IS TRUE
      ), claimed AS (
        UPDATE action_runs r SET
          status = CASE WHEN taken.parks THEN r.status ELSE 'running' END,
          due_at = CASE WHEN NOT taken.parks THEN %6$s END,
          gate = CASE WHEN taken.parks THEN taken.connection WHEN taken.in_flight THEN r.gate END,
          attempt = r.attempt + (NOT taken.parks AND NOT r.in_flight AND NOT r.cancel_requested)::int,
          in_flight = r.in_flight OR NOT taken.parks AND NOT r.cancel_requested,
          lease_token = r.lease_token + 1,
          lease_owner = CASE WHEN taken.in_flight THEN $4::uuid ELSE $1::uuid END,
          fired_provider = CASE WHEN taken.in_flight THEN COALESCE(r.fired_provider, c.provider) ELSE c.provider END
        FROM taken LEFT JOIN connections c ON c.id = taken.connection
        WHERE r.tenant_id = taken.tenant_id AND r.id = taken.id
        RETURNING taken.in_flight AS interrupted, taken.parks,
          extract(epoch FROM now() - taken.was_due)::float8 AS waited, %2$s, %3$s
      )
      SELECT found.candidates, walk.last_tenant, claimed.*
      FROM (SELECT count(*)::int AS candidates FROM candidates) found
      CROSS JOIN (SELECT (SELECT tenant_id FROM tenants ORDER BY place DESC LIMIT 1) AS last_tenant) walk
      LEFT JOIN claimed ON true
      WHERE found.candidates > 0 OR walk.last_tenant IS NOT NULL
      """
          .formatted(
              MAX_RUNS,
              RunRows.CLAIMED,
              SealedConnection.COLUMNS,
              RequestSize.SQL,
              WALK,
              Lease.END,
              Hold.HOLDS,
              Hold.end("r.created_at"));

  /**
   * Grace period after a database outage: until it ends, expired leases are not treated as crashes,
   * because their holders are about to record their outcomes.
   */
  private static final Duration GRACE = Duration.ofSeconds(3);

  private final PipelinedTransactions pipeline;
  private final RunRows rows;
  private volatile long failedAt = System.nanoTime() - GRACE.toNanos();

  /** The last tenant that was looked at; there is only one claim at a time. */
  private volatile String after = "";

  /** Whether no claim of this round of the tenants has left anything. */
  private volatile boolean nothingLeft = true;

  /** So many of one tenant's runs are looked at, the fewer the more tenants have some. */
  private volatile int maxPerTenant = MAX_RUNS;

  ClaimRuns(PipelinedTransactions pipeline, RunRows rows) {
    this.pipeline = pipeline;
    this.rows = rows;
  }

  /**
   * What was due.
   *
   * @param runs this replica has them and must execute them now
   * @param parked how many more wait for the limits of their connection from now on
   * @param candidates how many there were, with those that another replica was faster to take
   * @param all whether nothing else is due, of any tenant that was not passed over
   */
  public record Claimed(List<ClaimedRun> runs, int parked, int candidates, boolean all) {
    /** Others were at the same runs, so more may be due than were seen. */
    public boolean isContested() {
      return runs.size() + parked < candidates;
    }
  }

  /**
   * Claims runs, no more than {@link #MAX_RUNS}.
   *
   * @param anew whether something may have become due since the last claim
   */
  public Uni<Claimed> claim(ClaimRequest request, boolean anew) {
    long nanos = System.nanoTime();
    if (anew && !after.isEmpty()) {
      nothingLeft = false;
    }
    int quota = maxPerTenant;
    return pipeline
        .execute(
            CLAIM,
            Tuple.tuple()
                .addUUID(request.id())
                .addInteger(request.most())
                .addArrayOfString(request.exceptNames())
                .addUUID(UUID.randomUUID())
                .addArrayOfUUID(request.held().toArray(new UUID[0]))
                .addString(after)
                .addInteger(quota)
                .addLong(request.budget().characters())
                .addArrayOfString(request.fullTenants())
                .addBoolean(nanos - failedAt >= GRACE.toNanos()))
        .map(found -> claimed(found, request.most(), quota, nanos))
        .onFailure()
        .invoke(() -> failedAt = System.nanoTime());
  }

  private Claimed claimed(RowSet<Row> found, int most, int quota, long nanos) {
    List<ClaimedRun> runs = new ArrayList<>(found.size());
    Map<String, Integer> ofTenants = new HashMap<>();
    int candidates = 0;
    String last = null;
    for (Row row : found) {
      candidates = row.getInteger("candidates");
      last = row.getString("last_tenant");
      if (row.getUUID("id") != null) {
        ofTenants.merge(row.getString("tenant_id"), 1, Integer::sum);
        if (!row.getBoolean("parks")) {
          runs.add(rows.claimed(row, row.getBoolean("interrupted"), waited(row), nanos));
        }
      }
    }
    int taken = ofTenants.values().stream().mapToInt(Integer::intValue).sum();
    boolean full = candidates == most || ofTenants.containsValue(quota);
    maxPerTenant = Math.min(MAX_RUNS, Math.max(2, 2 * MAX_RUNS / Math.max(1, ofTenants.size())));
    return new Claimed(runs, taken - runs.size(), candidates, continueBehind(last, full));
  }

  private static Duration waited(Row row) {
    return Duration.ofNanos((long) (row.getDouble("waited") * 1_000_000_000));
  }

  /** Whether that was the end of a round that has left nothing. */
  private boolean continueBehind(@Nullable String last, boolean full) {
    boolean all = last == null && nothingLeft && !full;
    after = last == null ? "" : last;
    nothingLeft = last == null || (nothingLeft && !full);
    return all;
  }
}
