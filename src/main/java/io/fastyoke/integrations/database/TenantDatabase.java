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
  private static final String ENTER = "SELECT set_config('fastyoke.tenant', $1, true)";

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
                        .preparedQuery(ENTER)
                        .execute(Tuple.of(tenant.value()))
                        .chain(() -> work.apply(connection)));
    return transaction.onFailure().invoke(connections::failed);
  }

  /**
   * The first statement of a transaction: opens the wall for one tenant until its end, so that
   * nothing of it is left on the connection, and returns one text.
   *
   * @param parameter the mark of the parameter that the tenant's id is given as
   */
  public String enter(String parameter) {
    return probe.access().enterTenant(parameter);
  }
}
