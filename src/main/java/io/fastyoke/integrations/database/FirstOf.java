package io.fastyoke.integrations.database;

import io.vertx.core.Future;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.SqlConnection;
import java.util.List;
import java.util.function.Function;

/**
 * Of several hosts, the first one that answers and can be written to; tried from the one that was
 * found last. A single host is taken as it is, unless the URI wants more.
 *
 * @see <a href="https://www.postgresql.org/docs/current/libpq-connect.html">libpq, 34.1.1.3</a>
 */
final class FirstOf {
  private final List<DatabaseUrl.Host> hosts;
  private final boolean writable;
  private volatile int found;

  /** A service that cannot write has no use for a server, whatever the URI allows. */
  FirstOf(DatabaseUrl url) {
    this.hosts = url.hosts();
    this.writable = url.mustBeWritable() || hosts.size() > 1;
  }

  Future<SqlConnection> connect(Function<DatabaseUrl.Host, Future<SqlConnection>> to) {
    return connect(to, found, hosts.size());
  }

  private Future<SqlConnection> connect(
      Function<DatabaseUrl.Host, Future<SqlConnection>> to, int at, int left) {
    Future<SqlConnection> made = to.apply(hosts.get(at));
    Future<SqlConnection> usable = writable ? made.compose(FirstOf::writable) : made;
    usable = usable.onSuccess(connection -> found = at);
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
            asked -> {
              if (asked.succeeded()
                  && asked.result().iterator().next().getString(0).equals("off")) {
                return Future.succeededFuture(connection);
              }
              Throwable why = asked.succeeded() ? readOnly() : asked.cause();
              return connection.close().transform(closed -> Future.failedFuture(why));
            });
  }

  private static PgException readOnly() {
    return new PgException("the server is read-only", "FATAL", DatabaseFailure.READ_ONLY, "");
  }
}
