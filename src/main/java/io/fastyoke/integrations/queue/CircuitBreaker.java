package io.fastyoke.integrations.queue;

import io.fastyoke.integrations.connections.BreakerSql;
import io.fastyoke.integrations.database.TimeOrderedIds;
import io.fastyoke.integrations.events.EventRows;
import io.fastyoke.integrations.notices.NoticeSql;
import io.fastyoke.integrations.notices.NoticeType;
import io.fastyoke.integrations.queue.batching.PipelinedTransactions;
import io.fastyoke.integrations.queue.batching.PipelinedTransactions.Statement;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;

/**
 * Pauses connections whose receiver is gone or keeps failing, in the transaction that records the
 * failure. One that kept failing is probed with a single attempt a minute (half-open), and resumed
 * when that succeeds. Each of these changes is in the event log. Holds over all replicas.
 */
@ApplicationScoped
public class CircuitBreaker {
  /** Who the event log says it was. */
  private static final String ACTOR = "system";

  /** Standard Webhooks 1.0.0: 410 Gone says that nothing more shall be sent. */
  private static final String GONE =
      logged(BreakerSql.PAUSE_GONE, NoticeType.CONNECTION_PAUSED, "gone");

  private static final String FAILING =
      logged(BreakerSql.PAUSE_FAILING, NoticeType.CONNECTION_PAUSED, "failures");
  private static final String PROBE = BreakerSql.PROBE;
  private static final String RECOVERED =
      logged(BreakerSql.RESUME, NoticeType.CONNECTION_RESUMED, "recovered");

  private final PipelinedTransactions pipeline;

  CircuitBreaker(PipelinedTransactions pipeline) {
    this.pipeline = pipeline;
  }

  /** Whether this attempt, and no other, may probe a paused connection. */
  public Uni<Boolean> mayProbe(UUID connection) {
    return pipeline.execute(PROBE, Tuple.of(connection)).map(updated -> updated.rowCount() == 1);
  }

  static Statement gone(List<UUID> connections, Instant now) {
    return statement(GONE, connections, now);
  }

  static Statement failing(List<UUID> connections, Instant now) {
    return statement(FAILING, connections, now);
  }

  static Statement recovered(List<UUID> connections, Instant now) {
    return statement(RECOVERED, connections, now);
  }

  /**
   * The same statement with a row in the event log, and a notice if there is to be one, for each
   * connection that it changes.
   */
  private static String logged(String update, NoticeType type, String reason) {
    return """
        WITH changed AS (%s RETURNING id, tenant_id, provider), told AS (%s)
        %s
        SELECT e.id, changed.tenant_id, changed.id, changed.provider, 'CONNECTION_UPDATED', 'success', '%s', NULL, $3
        FROM changed JOIN unnest($1::uuid[], $2::uuid[]) AS e (connection_id, id) ON e.connection_id = changed.id
        """
        .formatted(
            update,
            NoticeSql.change(
                "changed", "'%s'".formatted(type.wire()), detail(reason), "$3::timestamptz"),
            EventRows.INSERT_CHANGE,
            ACTOR);
  }

  private static String detail(String reason) {
    return "'{\"reason\":\"%s\"}'".formatted(reason);
  }

  private static Statement statement(String sql, List<UUID> connections, Instant now) {
    UUID[] events =
        connections.stream().map(connection -> TimeOrderedIds.next(now)).toArray(UUID[]::new);
    return new Statement(
        sql, Tuple.of(connections.toArray(new UUID[0]), events, now.atOffset(ZoneOffset.UTC)));
  }
}
