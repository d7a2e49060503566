package io.fastyoke.integrations.database;

import io.quarkus.reactive.datasource.ReactiveDataSource;
import io.quarkus.reactive.pg.client.PgPoolCreator;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.ClientBuilder;
import io.vertx.sqlclient.Pool;
import jakarta.inject.Singleton;

/** The engine's pool: its statements are few, and long, and all of them stay prepared. */
@Singleton
@ReactiveDataSource("engine")
public class EnginePool implements PgPoolCreator {
  /**
   * In characters. The driver's own limit of 2,048 would prepare the longest of them every time.
   */
  private static final int LONGEST_STATEMENT = 16_384;

  private final AccessProbe probe;
  private final OpenConnections connections;

  EnginePool(AccessProbe probe, OpenConnections connections) {
    this.probe = probe;
    this.connections = connections;
  }

  @Override
  public Pool create(Input input) {
    PgConnectOptions server = connections.to(input.pgConnectOptionsList().get(0));
    server.setPreparedStatementCacheSqlLimit(LONGEST_STATEMENT);
    // Of two pools with one name in the metrics, one would not be seen.
    server.setMetricsName("postgresql|engine");
    return ClientBuilder.pool(connections.driver())
        .with(input.poolOptions().setName("engine"))
        .connectingTo(probe.options(input.vertx(), server, Access.Side.ENGINE))
        .using(input.vertx())
        .build();
  }
}
