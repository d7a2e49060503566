package io.fastyoke.integrations.database;

import io.quarkus.reactive.datasource.ReactiveDataSource;
import io.vertx.pgclient.PgConnectOptions;
import jakarta.inject.Singleton;

/** The engine's connection pool. Its statements are few and long, and all of them stay prepared. */
@Singleton
@ReactiveDataSource("engine")
class EnginePool extends CheckedPool {
  /**
   * In characters. The driver's default of 2,048 would prepare the longest statements at each use.
   */
  private static final int MAX_STATEMENT_LENGTH = 16_384;

  EnginePool(AccessProbe probe, OpenConnections connections) {
    super(probe, connections, "engine", Access.Side.ENGINE);
  }

  @Override
  void tune(PgConnectOptions server) {
    server.setPreparedStatementCacheSqlLimit(MAX_STATEMENT_LENGTH);
  }
}
