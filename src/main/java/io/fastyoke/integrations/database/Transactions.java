package io.fastyoke.integrations.database;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import java.util.function.Function;

/** Opens transactions together with all their settings, in one round trip. */
final class Transactions {
  private Transactions() {}

  /**
   * Runs work in a transaction; a failure rolls it back. Cancelling does not stop it: the
   * connection would return to the pool in the middle, and the remaining statements would run in
   * the next user's transaction.
   */
  static <T> Uni<T> run(Pool pool, String begin, Function<SqlConnection, Uni<T>> work) {
    Uni<T> whole =
        pool.getConnection()
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
                        .onTermination()
                        .call(() -> connection.close()));
    return Uni.createFrom()
        .emitter(caller -> whole.subscribe().with(caller::complete, caller::fail));
  }

  private static Uni<Void> rollBack(SqlConnection connection) {
    return connection.query("ROLLBACK").execute().replaceWithVoid().onFailure().recoverWithNull();
  }
}
