package io.fastyoke.integrations.runs;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jboss.logging.Logger;

/**
 * Gives back runs that were claimed, or may have been, by a statement whose answer was lost. This
 * process knows that it never began them; left to their leases, they would look as if it had, and
 * messages that nobody sent would be recorded as "outcome unknown" and charged.
 */
@ApplicationScoped
public class GiveBack {
  private static final Logger LOG = Logger.getLogger(GiveBack.class);
  private static final long FIRST_PAUSE_MS = 100;
  private static final long PAUSE_MS = 1_000;

  /** A COMMIT of which no answer came may still be on its way: 15 looks, one a second. */
  private static final int LOOKS = 15;

  /** In an outage every request that is refused leaves one behind; the first of them matter. */
  private static final int MOST = 10_000;

  /**
   * Walks from tenant to tenant on the index of what is due or leased. A run that was taken over
   * from somebody else carries another owner, and so does whatever was begun.
   */
  static final String GIVE_BACK =
      """
      WITH RECURSIVE tenants(tenant_id) AS (
        (SELECT tenant_id FROM action_runs WHERE due_at IS NOT NULL ORDER BY tenant_id, due_at LIMIT 1)
        UNION ALL
        SELECT (SELECT r.tenant_id FROM action_runs r
          WHERE r.due_at IS NOT NULL AND r.tenant_id > t.tenant_id ORDER BY r.tenant_id, r.due_at LIMIT 1)
        FROM tenants t WHERE t.tenant_id IS NOT NULL
      ), lost AS (
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
          .formatted(AdmitRuns.release("given"));

  private final Pipeline pipeline;
  private final Slots slots;
  private final Vertx vertx;
  private final Event<Doorbell.Rung> rung;

  /** How often each was looked for; guarded by this. */
  private final Map<UUID, Integer> looks = new HashMap<>();

  private boolean scheduled;

  GiveBack(Pipeline pipeline, Slots slots, Vertx vertx, Event<Doorbell.Rung> rung) {
    this.pipeline = pipeline;
    this.slots = slots;
    this.vertx = vertx;
    this.rung = rung;
  }

  /**
   * Sees to it that what carries this owner goes back to the queue.
   *
   * @param owner of a claim of which nothing was begun, nor ever will be
   */
  void neverBegun(UUID owner) {
    synchronized (this) {
      if (looks.size() >= MOST || looks.putIfAbsent(owner, 0) != null) {
        return;
      }
    }
    slots.expect();
    schedule(FIRST_PAUSE_MS);
  }

  /**
   * Gives back before anything else is claimed: after a long outage the leases have ended, and a
   * claim would find runs that seem to be interrupted.
   */
  Uni<Void> beforeClaiming() {
    return isAnyNew() ? look() : Uni.createFrom().voidItem();
  }

  private synchronized boolean isAnyNew() {
    return looks.containsValue(0);
  }

  private void schedule(long pauseMs) {
    synchronized (this) {
      if (scheduled || looks.isEmpty()) {
        return;
      }
      scheduled = true;
    }
    vertx.setTimer(
        pauseMs,
        timer -> {
          synchronized (this) {
            scheduled = false;
          }
          look()
              .subscribe()
              .with(
                  done -> schedule(PAUSE_MS),
                  failure -> {
                    LOG.debugf("nothing is given back yet (%s)", failure.getMessage());
                    schedule(PAUSE_MS);
                  });
        });
  }

  private Uni<Void> look() {
    Set<UUID> owners;
    synchronized (this) {
      owners = new HashSet<>(looks.keySet());
    }
    return pipeline
        .execute(GIVE_BACK, Tuple.of(owners.toArray(new UUID[0])))
        .invoke(given -> looked(owners, given))
        .replaceWithVoid();
  }

  private void looked(Set<UUID> owners, RowSet<Row> given) {
    int settled = 0;
    synchronized (this) {
      for (UUID owner : owners) {
        Integer before = looks.get(owner);
        if (before != null && before == 0) {
          settled++;
        }
        looks.computeIfPresent(owner, (any, count) -> count + 1 == LOOKS ? null : count + 1);
      }
    }
    for (int i = 0; i < settled; i++) {
      slots.settled();
    }
    if (given.size() > 0) {
      LOG.infof("%d runs given back whose claim was not answered", given.size());
      rung.fire(new Doorbell.Rung());
    }
  }
}
