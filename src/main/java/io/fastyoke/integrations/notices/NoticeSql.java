package io.fastyoke.integrations.notices;

/**
 * The statements that count what may have to be told. The owners of runs and connections run them
 * in the transaction in which it happens, so that nothing is forgotten, and nothing is told that
 * did not happen. What no tenant has asked for ends at a look into {@code notice_settings}.
 */
public final class NoticeSql {
  /**
   * A connection is said to be failing after so many failed attempts in a row, or one fewer than
   * would pause it.
   */
  public static final int FAILURES = 3;

  /** Days before the end of a certificate at which it is told, once each. */
  static final String CERTIFICATE_DAYS = "1, 7, 30";

  /** Stands for a connection that does not exist. */
  static final String NO_CONNECTION = "00000000-0000-0000-0000-000000000000";

  private static final String COLUMNS = "tenant_id, type, about, count, since, at, detail, due_at";

  /** The first event after a notice was begun begins the next one. */
  private static final String ADD =
      """
      ON CONFLICT (tenant_id, type, about) DO UPDATE SET
        count = p.count + EXCLUDED.count,
        since = CASE WHEN p.count = 0 THEN EXCLUDED.since ELSE p.since END,
        at = EXCLUDED.at,
        detail = EXCLUDED.detail,
        once = EXCLUDED.once,
        due_at = COALESCE(p.due_at, GREATEST(EXCLUDED.due_at, p.free_at))
      """;

  private static final String FAILS =
      "LEAST(%1$d, COALESCE(c.pause_after_failures - 1, %1$d))".formatted(FAILURES);

  /**
   * Counts outcomes of attempts, from arrays of the same length: tenants, runs, the lease token and
   * owner of their claims, types, connections (null for none), details (JSON) and times. Only those
   * that were recorded count: a completion leaves the next token and its claim's name behind. About
   * the connection that carries the notices only its runs are told.
   */
  public static final String OUTCOMES =
      """
      WITH wanted AS MATERIALIZED (
        SELECT u.*, s.connection_id AS carrier
        FROM unnest($1::text[], $2::uuid[], $3::bigint[], $4::uuid[], $5::text[], $6::uuid[], $7::text[], $8::timestamptz[])
          AS u(tenant_id, run_id, lease_token, lease_owner, type, connection_id, detail, at)
        JOIN notice_settings s ON s.tenant_id = u.tenant_id AND u.type = ANY (s.events)
      ), happened AS (
        SELECT w.tenant_id, w.type, COALESCE(c.id, '%1$s') AS about, w.at, w.detail
        FROM wanted w
        JOIN action_runs r ON r.tenant_id = w.tenant_id AND r.id = w.run_id
          AND r.lease_token = w.lease_token + 1 AND r.lease_owner = w.lease_owner
        LEFT JOIN connections c ON c.id = w.connection_id AND (c.tenant_id = w.tenant_id) IS TRUE
        WHERE (w.type = 'run.failed' OR c.id <> w.carrier)
          AND (w.type <> 'connection.failing' OR c.status = 'active' AND %2$s > 0
            AND (SELECT count(*) = %2$s AND bool_and(last.outcome = 'failure')
              FROM (
                SELECT e.outcome FROM event_log e
                WHERE e.tenant_id = c.tenant_id AND e.connection_id = c.id AND e.event_type = 'WEBHOOK'
                  AND e.attempt IS NOT NULL AND e.id > uuid_floor(c.updated_at)
                ORDER BY e.id DESC LIMIT %2$s) last))
      )
      INSERT INTO pending_notices AS p (%3$s)
      SELECT h.tenant_id, h.type, h.about, count(*), min(h.at), max(h.at), (array_agg(h.detail ORDER BY h.at DESC))[1], now()
      FROM happened h GROUP BY h.tenant_id, h.type, h.about ORDER BY h.tenant_id, h.type, h.about
      %4$s
      """
          .formatted(NO_CONNECTION, FAILS, COLUMNS, ADD);

  /**
   * Counts the certificates that end soon, as seen at the time {@code $1}: each once for every one
   * of its days.
   */
  static final String CERTIFICATES =
      """
      INSERT INTO pending_notices AS p (%1$s, once)
      SELECT c.tenant_id, 'certificate.expiring', c.id, 1, $1, $1, json_build_object('expires_at',
          to_char(c.certificate_expires_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))::text,
        now(), c.certificate_expires_at::text || '/' || soon.days
      FROM notice_settings s JOIN connections c ON c.tenant_id = s.tenant_id
      CROSS JOIN LATERAL (
        SELECT min(d) AS days FROM unnest(ARRAY[%2$s]) AS d
        WHERE c.certificate_expires_at <= $1::timestamptz + make_interval(days => d)) soon
      WHERE 'certificate.expiring' = ANY (s.events) AND c.certificate_expires_at > $1 AND soon.days IS NOT NULL
      ORDER BY c.tenant_id, c.id
      %3$s
      WHERE p.once IS DISTINCT FROM EXCLUDED.once
      """
          .formatted(COLUMNS, CERTIFICATE_DAYS, ADD);

  /** After the first day of a certificate's end, so that it is not told again. */
  static final String EXPIRE =
      """
      DELETE FROM pending_notices WHERE due_at IS NULL AND free_at < now() - interval '40 days'
      """;

  private NoticeSql() {}

  /**
   * Counts a change of connections, but not of the one that carries the notices.
   *
   * @param changed a table with the {@code id} and {@code tenant_id} of the connections
   * @param type an expression, as are the others
   * @param detail JSON
   */
  public static String change(String changed, String type, String detail, String at) {
    return """
        INSERT INTO pending_notices AS p (%1$s)
        SELECT x.tenant_id, %3$s, x.id, 1, %5$s, %5$s, %4$s, now()
        FROM %2$s x JOIN notice_settings s ON s.tenant_id = x.tenant_id AND %3$s = ANY (s.events) AND s.connection_id <> x.id
        ORDER BY x.tenant_id, x.id
        %6$s
        """
        .formatted(COLUMNS, changed, type, detail, at, ADD);
  }
}
