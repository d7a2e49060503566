package io.fastyoke.integrations.database;

import io.quarkus.reactive.pg.client.PgPoolCreator;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.ClientBuilder;
import io.vertx.sqlclient.Pool;

/** A connection pool that follows failovers, and whose connections run under their side's role. */
abstract class CheckedPool implements PgPoolCreator {
  private final AccessProbe probe;
  private final OpenConnections connections;
  private final String name;
  private final Access.Side side;

  CheckedPool(AccessProbe probe, OpenConnections connections, String name, Access.Side side) {
    this.probe = probe;
    this.connections = connections;
    this.name = name;
    this.side = side;
  }

  /** Changes the options of every connection. */
  void tune(PgConnectOptions server) {}

  @Override
  public Pool create(Input input) {
    PgConnectOptions server = connections.to(input.pgConnectOptionsList().get(0));
    tune(server);
    // Two pools under one name would hide each other in the metrics.
    server.setMetricsName("postgresql|" + name);
    return ClientBuilder.pool(connections.driver())
        .with(input.poolOptions().setName(name))
        .connectingTo(probe.options(input.vertx(), server, side))
        .using(input.vertx())
        .build();
  }
}
