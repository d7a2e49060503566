package io.fastyoke.integrations.database;

import io.quarkus.reactive.datasource.ReactiveDataSource;
import io.quarkus.reactive.pg.client.PgPoolCreator;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.ClientBuilder;
import io.vertx.sqlclient.Pool;
import jakarta.inject.Singleton;

/** The engine's connection pool. Its statements are few and long, and all of them stay prepared. */
@Singleton
@ReactiveDataSource("engine")
class EnginePool implements PgPoolCreator {
  /**
   * In characters. The driver's default of 2,048 would prepare the longest statements at each use.
   */
  private static final int MAX_STATEMENT_LENGTH = 16_384;

  private final AccessProbe probe;
  private final OpenConnections connections;

  EnginePool(AccessProbe probe, OpenConnections connections) {
    this.probe = probe;
    this.connections = connections;
  }

  @Override
  public Pool create(Input input) {
    PgConnectOptions server = connections.to(input.pgConnectOptionsList().get(0));
    server.setPreparedStatementCacheSqlLimit(MAX_STATEMENT_LENGTH);
    // Two pools under one name would hide each other in the metrics.
    server.setMetricsName("postgresql|engine");
    return ClientBuilder.pool(connections.driver())
        .with(input.poolOptions().setName("engine"))
        .connectingTo(probe.options(input.vertx(), server, Access.Side.ENGINE))
        .using(input.vertx())
        .build();
  }
}
