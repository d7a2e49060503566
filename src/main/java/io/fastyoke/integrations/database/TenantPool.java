package io.fastyoke.integrations.database;

import io.quarkus.reactive.pg.client.PgPoolCreator;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.ClientBuilder;
import io.vertx.sqlclient.Pool;
import jakarta.inject.Singleton;

/** The connection pool for tenants' requests. */
@Singleton
class TenantPool implements PgPoolCreator {
  private final AccessProbe probe;
  private final OpenConnections connections;

  TenantPool(AccessProbe probe, OpenConnections connections) {
    this.probe = probe;
    this.connections = connections;
  }

  @Override
  public Pool create(Input input) {
    PgConnectOptions server = connections.to(input.pgConnectOptionsList().get(0));
    server.setMetricsName("postgresql|tenants");
    return ClientBuilder.pool(connections.driver())
        .with(input.poolOptions().setName("tenants"))
        .connectingTo(probe.options(input.vertx(), server, Access.Side.TENANTS))
        .using(input.vertx())
        .build();
  }
}
