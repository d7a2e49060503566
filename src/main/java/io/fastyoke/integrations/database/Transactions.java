package io.fastyoke.integrations.database;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import java.util.function.Function;

/** Transactions that are opened together with all their settings, in one round trip. */
final class Transactions {
  private Transactions() {}

  /** Runs work between this and a COMMIT; a failure or a cancellation rolls it back. */
  static <T> Uni<T> run(Pool pool, String begin, Function<SqlConnection, Uni<T>> work) {
    return pool.getConnection()
        .chain(
            connection ->
                connection
                    .query(begin)
                    .execute()
                    .chain(() -> work.apply(connection))
                    .onItem()
                    .call(done -> connection.query("COMMIT").execute())
                    .onFailure()
                    .call(() -> rollBack(connection))
                    .onCancellation()
                    .call(() -> rollBack(connection))
                    .onTermination()
                    .call(() -> connection.close()));
  }

  private static Uni<Void> rollBack(SqlConnection connection) {
    return connection.query("ROLLBACK").execute().replaceWithVoid().onFailure().recoverWithNull();
  }
}
