package io.fastyoke.integrations.queue;

import io.fastyoke.integrations.queue.batching.PipelinedTransactions;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.UUID;

/** Puts runs back into the queue that were claimed and never started. */
@ApplicationScoped
public class ReleaseClaims {
  /**
   * A run that was taken over from another holder carries another owner, and so does every run that
   * was started.
   */
  static final String RELEASE =
      "WITH RECURSIVE "
          + DueTenants.CTE
          + """
      , lost AS (
        SELECT r.* FROM tenants t CROSS JOIN LATERAL (
          SELECT w.tenant_id, w.id, w.gate FROM action_runs w
          WHERE w.tenant_id = t.tenant_id AND w.due_at IS NOT NULL AND w.in_flight AND w.lease_owner = ANY ($1::uuid[])
          ORDER BY w.due_at
          FOR UPDATE SKIP LOCKED) r
      ), given AS (
        UPDATE action_runs r SET
          status = CASE WHEN r.attempt = 1 AND r.lease_token = 1 THEN 'pending' ELSE r.status END,
          attempt = r.attempt - 1, in_flight = false, due_at = now(), gate = NULL, lease_token = r.lease_token + 1,
          fired_provider = NULL
        FROM lost WHERE r.tenant_id = lost.tenant_id AND r.id = lost.id
        RETURNING r.id, lost.gate
      ), released AS (
        %s)
      SELECT id FROM given
      """
              .formatted(RateLimitedClaims.release("given"));

  private final PipelinedTransactions pipeline;

  ReleaseClaims(PipelinedTransactions pipeline) {
    this.pipeline = pipeline;
  }

  /** Releases what carries one of these claims' names, and says how many runs that were. */
  public Uni<Integer> release(Collection<UUID> claims) {
    return pipeline
        .execute(RELEASE, Tuple.of(claims.toArray(new UUID[0])))
        .map(released -> released.size());
  }
}
