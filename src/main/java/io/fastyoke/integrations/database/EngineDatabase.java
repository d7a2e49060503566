package io.fastyoke.integrations.database;

import io.quarkus.reactive.datasource.ReactiveDataSource;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.mutiny.pgclient.PgConnection;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import java.util.function.Function;

/** The engine's way to the database: transactions that see the rows of all tenants. */
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

  /** Whether a statement needs a transaction around it that sets who works. */
  public boolean needsTransactions() {
    return probe.pooled();
  }

  /**
   * A connection to listen on, which keeps its session: of the pool, or around the pooler.
   *
   * @return nothing when a pooler is in the way and there is no way around it
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

  /** What opens a transaction, as a simple query. */
  public String begin() {
    return probe.access().beginEngine();
  }
}
