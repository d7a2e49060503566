package io.fastyoke.integrations.queue.batching;

import io.fastyoke.integrations.database.DatabaseFailure;
import io.fastyoke.integrations.database.EngineDatabase;
import io.fastyoke.integrations.database.OpenConnections;
import io.quarkus.reactive.datasource.ReactiveDataSource;
import io.smallrye.mutiny.CompositeException;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The engine's way to the database, across tenants. A transaction's statements are written one
 * behind the other without waiting for answers (PostgreSQL protocol, 54.2.4), so a whole
 * transaction costs one round trip.
 */
@ApplicationScoped
public class PipelinedTransactions {
  /** A statement and its parameters. */
  public record Statement(String sql, Tuple parameters) {}

  private static final int MAX_RETRIES = 3;

  private final Pool pool;
  private final BooleanSupplier needsTransactions;
  private final Supplier<String> begin;
  private final Consumer<Throwable> failed;

  @Inject
  public PipelinedTransactions(
      @ReactiveDataSource("engine") Pool pool,
      EngineDatabase database,
      OpenConnections connections) {
    this(pool, database::needsTransactions, database::begin, connections::failed);
  }

  /**
   * @param needsTransactions see {@link EngineDatabase#needsTransactions}
   * @param begin see {@link EngineDatabase#begin}
   * @param failed is given every failure
   */
  public PipelinedTransactions(
      Pool pool,
      BooleanSupplier needsTransactions,
      Supplier<String> begin,
      Consumer<Throwable> failed) {
    this.pool = pool;
    this.needsTransactions = needsTransactions;
    this.begin = begin;
    this.failed = failed;
  }

  /** One statement in a transaction of its own. */
  public Uni<RowSet<Row>> execute(String sql, Tuple parameters) {
    return needsTransactions.getAsBoolean()
        ? transaction(List.of(new Statement(sql, parameters))).map(results -> results.get(0))
        : unlessInConflict(pool.preparedQuery(sql).execute(parameters));
  }

  /** Statements that do not need each other's answers, in one transaction: all of them or none. */
  public Uni<List<RowSet<Row>>> transaction(List<Statement> statements) {
    return unlessInConflict(
        pool.getConnection()
            .chain(
                connection ->
                    send(connection, statements).onTermination().call(() -> connection.close())));
  }

  /**
   * The same in two round trips: what is written depends on what is read.
   *
   * @param write called once for each try; no statements for nothing to write
   * @return the answers to what was written
   */
  public Uni<List<RowSet<Row>>> transaction(
      List<Statement> read, Function<List<RowSet<Row>>, List<Statement>> write) {
    return unlessInConflict(
        pool.getConnection()
            .chain(
                connection ->
                    all(connection, begin.get(), read, null)
                        .chain(found -> all(connection, null, write.apply(found), "COMMIT"))
                        .onFailure()
                        .call(failure -> rollBack(connection))
                        .onTermination()
                        .call(() -> connection.close())));
  }

  private static Uni<Void> rollBack(SqlConnection connection) {
    return connection.query("ROLLBACK").execute().replaceWithVoid().onFailure().recoverWithNull();
  }

  /**
   * The victim of a deadlock or of a serialization failure is rolled back whole, and the
   * transaction that it was in conflict with has gone on: the same transaction may succeed now.
   */
  private <T> Uni<T> unlessInConflict(Uni<T> transaction) {
    return transaction
        .onFailure(DatabaseFailure::isConflict)
        .retry()
        .atMost(MAX_RETRIES)
        .onFailure()
        .invoke(failed);
  }

  private Uni<List<RowSet<Row>>> send(SqlConnection connection, List<Statement> statements) {
    return all(connection, begin.get(), statements, "COMMIT");
  }

  private static Uni<List<RowSet<Row>>> all(
      SqlConnection connection,
      @Nullable String first,
      List<Statement> statements,
      @Nullable String last) {
    List<Uni<RowSet<Row>>> all = new ArrayList<>();
    if (first != null) {
      all.add(connection.query(first).execute());
    }
    for (Statement statement : statements) {
      all.add(connection.preparedQuery(statement.sql()).execute(statement.parameters()));
    }
    if (last != null) {
      // After a failed statement PostgreSQL answers this with ROLLBACK and no error; the failure
      // itself arrives above.
      all.add(connection.query(last).execute());
    }
    // The first failure is the cause; those behind it only say that the transaction is aborted.
    return Uni.join()
        .all(all)
        .andCollectFailures()
        .onFailure(CompositeException.class)
        .transform(failures -> failures.getCauses().get(0))
        .map(
            results ->
                results.subList(first == null ? 0 : 1, results.size() - (last == null ? 0 : 1)));
  }
}
