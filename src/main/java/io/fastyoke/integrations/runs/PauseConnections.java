package io.fastyoke.integrations.runs;

import io.fastyoke.integrations.runs.Pipeline.Statement;
import io.vertx.mutiny.sqlclient.Tuple;
import java.util.List;
import java.util.UUID;

/**
 * Pauses connections whose receiver is gone or keeps failing, in the transaction that records the
 * failure.
 */
final class PauseConnections {
  /** Standard Webhooks 1.0.0: 410 Gone says that nothing more shall be sent. */
  private static final String GONE =
      """
      UPDATE connections SET status = 'paused', version = version + 1, updated_at = now()
      WHERE id = ANY ($1::uuid[]) AND status = 'active'
      """;

  /**
   * The circuit breaker: the last attempts since the connection was last changed all failed. Holds
   * over all replicas.
   */
  private static final String FAILING =
      """
      UPDATE connections c SET status = 'paused', version = version + 1, updated_at = now()
      WHERE c.id = ANY ($1::uuid[]) AND c.status = 'active' AND c.pause_after_failures IS NOT NULL
        AND (SELECT count(*) = c.pause_after_failures AND bool_and(last.outcome = 'failure')
          FROM (
            SELECT e.outcome FROM event_log e
            WHERE e.tenant_id = c.tenant_id AND e.connection_id = c.id AND e.event_type = 'WEBHOOK'
              AND e.attempt IS NOT NULL AND e.id > uuid_floor(c.updated_at)
            ORDER BY e.id DESC LIMIT c.pause_after_failures) last)
      """;

  private PauseConnections() {}

  static Statement gone(List<UUID> connections) {
    return new Statement(GONE, Tuple.of(connections.toArray(new UUID[0])));
  }

  static Statement failing(List<UUID> connections) {
    return new Statement(FAILING, Tuple.of(connections.toArray(new UUID[0])));
  }
}
