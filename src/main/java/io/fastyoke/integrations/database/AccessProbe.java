package io.fastyoke.integrations.database;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.impl.VertxInternal;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgConnection;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnectOptions;
import jakarta.inject.Singleton;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Finds out, on a connection of its own and once, how the login gets its rights and whether a
 * pooler stands in between.
 */
@Singleton
public class AccessProbe {
  private static final int PATIENCE_S = 4;

  /**
   * The roles are of use where the login may take both on and both have their policies ({@code
   * afterMigrate.sql}).
   */
  private static final String LOOK =
      """
      SELECT current_user::text AS login, pg_backend_pid() AS pid,
        current_setting('idle_in_transaction_session_timeout') AS applied,
        (SELECT count(*) = 2 AND bool_and(pg_has_role(current_user, r.oid,
            CASE WHEN current_setting('server_version_num')::int >= 160000 THEN 'SET' ELSE 'MEMBER' END)
          AND COALESCE(has_table_privilege(r.oid, to_regclass('connections')::oid, 'SELECT'), false))
        FROM pg_roles r WHERE r.rolname IN ('%s', '%s')) AS roles
      """
          .formatted(Access.Side.TENANTS.role, Access.Side.ENGINE.role);

  private final OpenConnections connections;

  private @Nullable Future<Access> answer;
  private volatile @Nullable Access known;

  AccessProbe(OpenConnections connections) {
    this.connections = connections;
  }

  /**
   * What was found out at the start.
   *
   * @throws IllegalStateException before there was a connection
   */
  public boolean pooled() {
    return access().pooled();
  }

  Access access() {
    Access found = known;
    if (found == null) {
      throw new IllegalStateException("there was no connection to the database yet");
    }
    return found;
  }

  /** The options of one side's connections; asks the database before the first one. */
  Supplier<Future<SqlConnectOptions>> options(
      Vertx vertx, PgConnectOptions server, Access.Side side) {
    return () -> {
      Access found = known;
      if (found != null) {
        return Future.succeededFuture(found.options(server, side));
      }
      // The one who asks goes on in a context of its own, not in that of the answer.
      Promise<SqlConnectOptions> options = ((VertxInternal) vertx).getOrCreateContext().promise();
      find(vertx, server)
          .<SqlConnectOptions>map(access -> access.options(server, side))
          .onComplete(options);
      return options.future();
    };
  }

  private synchronized Future<Access> find(Vertx vertx, PgConnectOptions server) {
    Future<Access> asked = answer;
    if (asked == null || asked.failed()) {
      asked =
          ask(vertx, Access.probing(server), false)
              .recover(
                  failure ->
                      failure instanceof PgException refused
                              && DatabaseFailure.PROTOCOL_VIOLATION.equals(refused.getSqlState())
                          ? ask(vertx, Access.bare(server), true)
                          : Future.failedFuture(failure))
              .onSuccess(access -> known = access);
      answer = asked;
    }
    return asked;
  }

  private Future<Access> ask(Vertx vertx, PgConnectOptions options, boolean pooled) {
    // Not from within the context of whoever happens to be the first to ask.
    options.setMetricsName("postgresql|probe");
    return connections
        .connect(vertx, options)
        .compose(
            connection ->
                connection
                    .query(LOOK)
                    .execute()
                    .map(
                        rows ->
                            read(
                                rows.iterator().next(),
                                pooled,
                                PgConnection.cast(connection).processId()))
                    .onComplete(rows -> connection.close()))
        .timeout(PATIENCE_S, TimeUnit.SECONDS);
  }

  /** A pooler makes up a process id of its own, and not all of them refuse what they drop. */
  private static Access read(Row row, boolean pooled, int processId) {
    boolean direct =
        !pooled && row.getInteger("pid") == processId && row.getString("applied").equals("5s");
    return new Access(row.getString("login"), row.getBoolean("roles"), !direct);
  }
}
