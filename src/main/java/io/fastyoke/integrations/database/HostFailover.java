package io.fastyoke.integrations.database;

import io.fastyoke.integrations.database.url.DatabaseUrl;
import io.vertx.core.Future;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.SqlConnection;
import java.util.List;
import java.util.function.Function;

/**
 * Connects to the first of several hosts that answers and is writable, starting at the last one
 * that was. A single host need not be writable, unless the URI requires it.
 *
 * @see <a href="https://www.postgresql.org/docs/current/libpq-connect.html">libpq, 34.1.1.3</a>
 */
final class HostFailover {
  private final List<DatabaseUrl.Host> hosts;
  private final boolean writable;
  private volatile int lastGood;

  /** Of several hosts only a writable one is of use, whatever the URI allows. */
  HostFailover(DatabaseUrl url) {
    this.hosts = url.hosts();
    this.writable = url.mustBeWritable() || hosts.size() > 1;
  }

  Future<SqlConnection> connect(Function<DatabaseUrl.Host, Future<SqlConnection>> to) {
    return connect(to, lastGood, hosts.size());
  }

  private Future<SqlConnection> connect(
      Function<DatabaseUrl.Host, Future<SqlConnection>> to, int at, int left) {
    Future<SqlConnection> made = to.apply(hosts.get(at));
    Future<SqlConnection> usable = writable ? made.compose(HostFailover::writable) : made;
    usable = usable.onSuccess(connection -> lastGood = at);
    return left == 1
        ? usable
        : usable.recover(
            failure ->
                isFinal(failure)
                    ? Future.failedFuture(failure)
                    : connect(to, (at + 1) % hosts.size(), left - 1));
  }

  /** "If authentication fails, the remaining hosts in the list are not tried." */
  private static boolean isFinal(Throwable failure) {
    return failure instanceof PgException refused
        && refused.getSqlState() != null
        && (refused.getSqlState().startsWith("28") || refused.getSqlState().startsWith("3D"));
  }

  private static Future<SqlConnection> writable(SqlConnection connection) {
    return connection
        .query("SHOW transaction_read_only")
        .execute()
        .transform(
            reply -> {
              if (reply.succeeded()
                  && reply.result().iterator().next().getString(0).equals("off")) {
                return Future.succeededFuture(connection);
              }
              Throwable why = reply.succeeded() ? readOnly() : reply.cause();
              return connection.close().transform(closed -> Future.failedFuture(why));
            });
  }

  private static PgException readOnly() {
    return new PgException("the server is read-only", "FATAL", DatabaseFailure.READ_ONLY, "");
  }
}
