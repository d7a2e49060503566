package io.fastyoke.integrations.runs;

import io.quarkus.reactive.datasource.ReactiveDataSource;
import io.smallrye.mutiny.CompositeException;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;

/**
 * The engine's way to the database, across tenants. A transaction's statements are written one
 * behind the other without waiting for answers (PostgreSQL protocol, 54.2.4), so a whole
 * transaction costs one round trip.
 */
@ApplicationScoped
public class Pipeline {
  /** A statement and its parameters. */
  record Statement(String sql, Tuple parameters) {}

  private final Pool pool;

  Pipeline(@ReactiveDataSource("engine") Pool pool) {
    this.pool = pool;
  }

  /** One statement in a transaction of its own. */
  Uni<RowSet<Row>> execute(String sql, Tuple parameters) {
    return pool.preparedQuery(sql).execute(parameters);
  }

  /** Statements that do not need each other's answers, in one transaction: all of them or none. */
  Uni<List<RowSet<Row>>> transaction(List<Statement> statements) {
    return pool.getConnection()
        .chain(
            connection ->
                send(connection, statements).onTermination().call(() -> connection.close()));
  }

  private static Uni<List<RowSet<Row>>> send(SqlConnection connection, List<Statement> statements) {
    List<Uni<RowSet<Row>>> all = new ArrayList<>();
    all.add(connection.query("BEGIN").execute());
    for (Statement statement : statements) {
      all.add(connection.preparedQuery(statement.sql()).execute(statement.parameters()));
    }
    // After a failed statement PostgreSQL answers this with ROLLBACK and no error; the failure
    // itself arrives above.
    all.add(connection.query("COMMIT").execute());
    // The first failure is the cause; those behind it only say that the transaction is aborted.
    return Uni.join()
        .all(all)
        .andCollectFailures()
        .onFailure(CompositeException.class)
        .transform(failures -> failures.getCauses().get(0))
        .map(results -> results.subList(1, results.size() - 1));
  }
}
