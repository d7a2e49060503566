package io.fastyoke.integrations.runs;

import io.fastyoke.integrations.runs.Pipeline.Statement;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.UUID;

/**
 * Pauses connections whose receiver is gone or keeps failing, in the transaction that records the
 * failure. One that kept failing is tried again with a single attempt a minute (half open), and
 * resumed when that succeeds. Holds over all replicas.
 */
@ApplicationScoped
public class CircuitBreaker {
  private static final int SECONDS_BETWEEN_TRIALS = 60;

  /** Standard Webhooks 1.0.0: 410 Gone says that nothing more shall be sent. */
  private static final String GONE =
      """
      UPDATE connections SET status = 'paused', trial_at = NULL, version = version + 1, updated_at = now()
      WHERE id = ANY ($1::uuid[]) AND (status = 'active' OR trial_at IS NOT NULL)
      """;

  /** The last attempts since the connection was last changed all failed. */
  private static final String FAILING =
      """
      UPDATE connections c SET status = 'paused', trial_at = now() + make_interval(secs => %d),
        version = version + 1, updated_at = now()
      WHERE c.id = ANY ($1::uuid[]) AND c.status = 'active' AND c.pause_after_failures IS NOT NULL
        AND (SELECT count(*) = c.pause_after_failures AND bool_and(last.outcome = 'failure')
          FROM (
            SELECT e.outcome FROM event_log e
            WHERE e.tenant_id = c.tenant_id AND e.connection_id = c.id AND e.event_type = 'WEBHOOK'
              AND e.attempt IS NOT NULL AND e.id > uuid_floor(c.updated_at)
            ORDER BY e.id DESC LIMIT c.pause_after_failures) last)
      """
          .formatted(SECONDS_BETWEEN_TRIALS);

  /** Whoever moves trial_at on has the trial. */
  private static final String TRIAL =
      """
      UPDATE connections SET trial_at = now() + make_interval(secs => %d)
      WHERE id = $1 AND status = 'paused' AND trial_at <= now()
      """
          .formatted(SECONDS_BETWEEN_TRIALS);

  private static final String RECOVERED =
      """
      UPDATE connections SET status = 'active', trial_at = NULL, version = version + 1, updated_at = now()
      WHERE id = ANY ($1::uuid[]) AND status = 'paused' AND trial_at IS NOT NULL
      """;

  private final Pipeline pipeline;

  CircuitBreaker(Pipeline pipeline) {
    this.pipeline = pipeline;
  }

  /** Whether this attempt, and no other, may be the trial of a paused connection. */
  Uni<Boolean> mayTry(UUID connection) {
    return pipeline.execute(TRIAL, Tuple.of(connection)).map(updated -> updated.rowCount() == 1);
  }

  static Statement gone(List<UUID> connections) {
    return new Statement(GONE, Tuple.of(connections.toArray(new UUID[0])));
  }

  static Statement failing(List<UUID> connections) {
    return new Statement(FAILING, Tuple.of(connections.toArray(new UUID[0])));
  }

  static Statement recovered(List<UUID> connections) {
    return new Statement(RECOVERED, Tuple.of(connections.toArray(new UUID[0])));
  }
}
