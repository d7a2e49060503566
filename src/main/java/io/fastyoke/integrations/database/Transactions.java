package io.fastyoke.integrations.database;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import java.util.function.Function;

/** Transactions that are opened together with all their settings, in one round trip. */
final class Transactions {
  private Transactions() {}

  /**
   * Runs work between this and a COMMIT; a failure rolls it back. Once begun it goes on to its end,
   * whether or not anybody still waits for it: a connection that went back to the pool before would
   * take the rest into the transaction of the one who gets it next.
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
