package io.fastyoke.integrations.connections;

import io.fastyoke.integrations.database.TenantDatabase;
import io.fastyoke.integrations.identity.TenantId;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** Finds the active connections whose last attempt failed, from the event log. */
@ApplicationScoped
class FindFailing {
  /** A statement takes only a limited number of parameters. */
  private static final int MAX_FOUND = 1_000;

  private static final String FAILING =
      """
      SELECT c.id FROM connections c
      WHERE c.tenant_id = $1 AND c.status = 'active' AND (
        SELECT e.outcome FROM event_log e
        WHERE e.tenant_id = $1 AND e.connection_id = c.id AND e.event_type IN ('WEBHOOK', 'NOTICE') AND e.attempt IS NOT NULL
        ORDER BY e.id DESC LIMIT 1) = 'failure'
      ORDER BY c.id DESC LIMIT $2
      """;

  private final TenantDatabase database;

  FindFailing(TenantDatabase database) {
    this.database = database;
  }

  /** Their ids, of the newest thousand. */
  Uni<List<UUID>> of(TenantId tenant) {
    return database.within(
        tenant,
        connection ->
            connection
                .preparedQuery(FAILING)
                .execute(Tuple.of(tenant.value(), MAX_FOUND))
                .map(
                    rows -> {
                      List<UUID> ids = new ArrayList<>(rows.size());
                      rows.forEach(row -> ids.add(row.getUUID("id")));
                      return ids;
                    }));
  }
}
