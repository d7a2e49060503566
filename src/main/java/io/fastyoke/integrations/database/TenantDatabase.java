package io.fastyoke.integrations.database;

import io.fastyoke.integrations.identity.TenantId;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.function.Function;

/**
 * The tenants' way to the database: every transaction sees the rows of one tenant and no others.
 */
@ApplicationScoped
public class TenantDatabase {
  /**
   * Opens the wall for one tenant until the end of the transaction. Local to it, so that nothing of
   * it is left on the pooled connection.
   */
  public static final String ENTER = "SELECT set_config('fastyoke.tenant', $1, true)";

  private final Pool pool;

  TenantDatabase(Pool pool) {
    this.pool = pool;
  }

  /** Runs work in one transaction that sees only this tenant's rows; a failure rolls it back. */
  public <T> Uni<T> within(TenantId tenant, Function<SqlConnection, Uni<T>> work) {
    return pool.withTransaction(
        connection ->
            connection
                .preparedQuery(ENTER)
                .execute(Tuple.of(tenant.value()))
                .chain(() -> work.apply(connection)));
  }
}
