package io.fastyoke.integrations.database;

import io.fastyoke.integrations.identity.TenantId;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.function.Function;

/** Transactions for tenants: each sees the rows of one tenant only, by row-level security. */
@ApplicationScoped
public class TenantDatabase {
  private static final String SET_TENANT = "SELECT set_config('fastyoke.tenant', $1, true)";

  private final Pool pool;
  private final AccessProbe probe;
  private final OpenConnections connections;

  TenantDatabase(Pool pool, AccessProbe probe, OpenConnections connections) {
    this.pool = pool;
    this.probe = probe;
    this.connections = connections;
  }

  /** Runs work in one transaction that sees only this tenant's rows; a failure rolls it back. */
  public <T> Uni<T> within(TenantId tenant, Function<SqlConnection, Uni<T>> work) {
    Uni<T> transaction =
        probe.pooled()
            ? Transactions.run(pool, probe.access().beginTenant(tenant.value()), work)
            : pool.withTransaction(
                connection ->
                    connection
                        .preparedQuery(SET_TENANT)
                        .execute(Tuple.of(tenant.value()))
                        .chain(() -> work.apply(connection)));
    return transaction.onFailure().invoke(connections::failed);
  }

  /**
   * The statement that sets the tenant of a transaction, as its first one. The setting ends with
   * the transaction, so it does not leak to the connection's next user. Returns one text column.
   *
   * @param parameter placeholder for the tenant's id, such as {@code :tenant}
   */
  public String setTenantSql(String parameter) {
    return probe.access().setTenantSql(parameter);
  }
}
