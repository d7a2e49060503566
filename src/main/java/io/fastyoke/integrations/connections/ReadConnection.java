package io.fastyoke.integrations.connections;

import io.fastyoke.integrations.database.TenantDatabase;
import io.fastyoke.integrations.identity.TenantId;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Iterator;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads one connection, still sealed. */
@ApplicationScoped
public class ReadConnection {
  private static final String READ =
      "SELECT %s FROM connections c WHERE c.tenant_id = $1 AND c.id = $2"
          .formatted(SealedConnection.COLUMNS);

  private final TenantDatabase database;

  ReadConnection(TenantDatabase database) {
    this.database = database;
  }

  /** The tenant's connection with this id, if there is one. */
  public Uni<Optional<SealedConnection>> read(TenantId tenant, @Nullable UUID id) {
    if (id == null) {
      return Uni.createFrom().item(Optional.empty());
    }
    return database.within(
        tenant,
        connection ->
            connection
                .preparedQuery(READ)
                .execute(Tuple.of(tenant.value(), id))
                .map(
                    rows -> {
                      Iterator<Row> found = rows.iterator();
                      return found.hasNext()
                          ? Optional.ofNullable(SealedConnection.from(found.next()))
                          : Optional.empty();
                    }));
  }
}
