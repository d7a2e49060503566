package io.fastyoke.integrations.events;

import io.fastyoke.integrations.database.TenantDatabase;
import io.fastyoke.integrations.identity.TenantId;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/**
 * Reads the newest attempt of connections from the event log, so that an attempt need not update
 * the connection.
 */
@ApplicationScoped
public class LastFirings {
  private static final String LAST =
      """
      SELECT wanted.id, last.occurred_at, last.outcome
      FROM unnest($2::uuid[]) AS wanted(id) CROSS JOIN LATERAL (
        SELECT e.occurred_at, e.outcome FROM event_log e
        WHERE e.tenant_id = $1 AND e.connection_id = wanted.id AND e.event_type IN ('WEBHOOK', 'NOTICE') AND e.attempt IS NOT NULL
        ORDER BY e.id DESC LIMIT 1) last
      """;

  private final TenantDatabase database;

  LastFirings(TenantDatabase database) {
    this.database = database;
  }

  /** The newest attempt of each connection that has ever been fired. */
  public Uni<Map<UUID, LastFired>> of(TenantId tenant, Collection<UUID> connections) {
    if (connections.isEmpty()) {
      return Uni.createFrom().item(Map.of());
    }
    return database.within(
        tenant,
        connection ->
            connection
                .preparedQuery(LAST)
                .execute(Tuple.of(tenant.value(), connections.toArray(new UUID[0])))
                .map(
                    rows -> {
                      Map<UUID, LastFired> last = new HashMap<>();
                      rows.forEach(
                          row ->
                              last.put(
                                  row.getUUID("id"),
                                  new LastFired(
                                      row.getOffsetDateTime("occurred_at").toInstant(),
                                      row.getString("outcome"))));
                      return last;
                    }));
  }
}
