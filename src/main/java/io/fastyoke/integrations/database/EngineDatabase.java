package io.fastyoke.integrations.database;

import io.fastyoke.integrations.database.url.DatabaseUrl;
import io.quarkus.reactive.datasource.ReactiveDataSource;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.mutiny.pgclient.PgConnection;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import java.util.function.Function;

/** Transactions for the engine, which see the rows of all tenants. */
@ApplicationScoped
public class EngineDatabase {
  private final Pool pool;
  private final AccessProbe probe;
  private final OpenConnections connections;

  EngineDatabase(
      @ReactiveDataSource("engine") Pool pool, AccessProbe probe, OpenConnections connections) {
    this.pool = pool;
    this.probe = probe;
    this.connections = connections;
  }

  /** Runs work in one transaction; a failure rolls it back. */
  public <T> Uni<T> within(Function<SqlConnection, Uni<T>> work) {
    return probe.pooled()
        ? Transactions.run(pool, probe.access().beginEngine(), work)
        : pool.withTransaction(work);
  }

  /** Whether each statement needs a transaction that sets its role: behind a pooler. */
  public boolean needsTransactions() {
    return probe.pooled();
  }

  /**
   * A connection with a lasting session, for LISTEN: from the pool, or past the pooler.
   *
   * @return empty behind a pooler without {@code DATABASE_DIRECT_URL}
   */
  public Optional<Uni<PgConnection>> forListening(Vertx vertx) {
    return needsTransactions()
        ? DatabaseUrl.direct()
            .map(
                direct ->
                    Uni.createFrom()
                        .completionStage(
                            () -> connections.connectDirectly(vertx, direct).toCompletionStage())
                        .map(
                            made ->
                                PgConnection.newInstance(
                                    io.vertx.pgclient.PgConnection.cast(made))))
        : Optional.of(pool.getConnection().map(PgConnection::cast));
  }

  /** The simple query that opens a transaction. */
  public String begin() {
    return probe.access().beginEngine();
  }
}
