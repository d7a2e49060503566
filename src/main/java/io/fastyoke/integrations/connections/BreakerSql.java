package io.fastyoke.integrations.connections;

/**
 * The statements by which the circuit breaker of the queue changes a connection. They stand here
 * because only this package writes the table; the queue runs them in the transaction that records
 * an attempt. Each but {@link #PROBE} takes the ids of connections as {@code $1}.
 */
public final class BreakerSql {
  private static final int SECONDS_BETWEEN_PROBES = 60;

  /** Pauses connections whose receiver is gone, until they are resumed manually. */
  public static final String PAUSE_GONE =
      """
      UPDATE connections SET status = 'paused', trial_at = NULL, version = version + 1, updated_at = now()
      WHERE id = ANY ($1::uuid[]) AND (status = 'active' OR trial_at IS NOT NULL)
      """;

  /** Pauses connections whose last attempts since they were last changed have all failed. */
  public static final String PAUSE_FAILING =
      """
      UPDATE connections c SET status = 'paused', trial_at = now() + make_interval(secs => %d),
        version = version + 1, updated_at = now()
      WHERE c.id = ANY ($1::uuid[]) AND c.status = 'active' AND c.pause_after_failures IS NOT NULL
        AND (SELECT count(*) = c.pause_after_failures AND bool_and(last.outcome = 'failure')
          FROM (
            SELECT e.outcome FROM event_log e
            WHERE e.tenant_id = c.tenant_id AND e.connection_id = c.id AND e.event_type IN ('WEBHOOK', 'NOTICE')
              AND e.attempt IS NOT NULL AND e.id > uuid_floor(c.updated_at)
            ORDER BY e.id DESC LIMIT c.pause_after_failures) last)
      """
          .formatted(SECONDS_BETWEEN_PROBES);

  /**
   * Half-open probe of the connection {@code $1}: the transaction that advances {@code trial_at}
   * may send it.
   */
  public static final String PROBE =
      """
      UPDATE connections SET trial_at = now() + make_interval(secs => %d)
      WHERE id = $1 AND status = 'paused' AND trial_at <= now()
      """
          .formatted(SECONDS_BETWEEN_PROBES);

  /** Resumes connections that were paused for their failures. */
  public static final String RESUME =
      """
      UPDATE connections SET status = 'active', trial_at = NULL, version = version + 1, updated_at = now()
      WHERE id = ANY ($1::uuid[]) AND status = 'paused' AND trial_at IS NOT NULL
      """;

  private BreakerSql() {}
}
