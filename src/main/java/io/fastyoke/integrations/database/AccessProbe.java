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
 * Detects, once and on a separate connection, how the login gets its rights and whether there is a
 * pooler in between.
 */
@Singleton
class AccessProbe {
  private static final int TIMEOUT_SECONDS = 4;

  /**
   * The roles are usable if the login may switch to both, and both have their policies ({@code
   * afterMigrate.sql}).
   */
  static final String PROBE =
      """
      SELECT current_user::text AS login, pg_backend_pid() AS pid,
        current_setting('idle_in_transaction_session_timeout') AS applied,
        COALESCE(roles.member, false) AS member, COALESCE(roles.member AND roles.granted, false) AS roles
      FROM (SELECT count(*) = 2 AND bool_and(pg_has_role(current_user, r.oid,
            CASE WHEN current_setting('server_version_num')::int >= 160000 THEN 'SET' ELSE 'MEMBER' END)) AS member,
          bool_and(COALESCE(has_table_privilege(r.oid, to_regclass('connections')::oid, 'SELECT'), false)) AS granted
        FROM pg_roles r WHERE r.rolname IN ('%s', '%s')) AS roles
      """
          .formatted(Access.Side.TENANTS.role, Access.Side.ENGINE.role);

  private final OpenConnections connections;

  private @Nullable Future<Access> pending;
  private volatile @Nullable Access detected;

  AccessProbe(OpenConnections connections) {
    this.connections = connections;
  }

  /**
   * Whether there is a pooler in between.
   *
   * @throws IllegalStateException before the first connection
   */
  public boolean pooled() {
    return access().pooled();
  }

  Access access() {
    Access found = detected;
    if (found == null) {
      throw new IllegalStateException("there was no connection to the database yet");
    }
    return found;
  }

  /** The options of one side's connections; probes the database before the first one. */
  Supplier<Future<SqlConnectOptions>> options(
      Vertx vertx, PgConnectOptions server, Access.Side side) {
    return () -> {
      Access found = detected;
      if (found != null) {
        return Future.succeededFuture(found.options(server, side));
      }
      // The caller continues in its own context, not in that of the probe's answer.
      Promise<SqlConnectOptions> options = ((VertxInternal) vertx).getOrCreateContext().promise();
      find(vertx, server)
          .<SqlConnectOptions>map(access -> access.options(server, side))
          .onComplete(options);
      return options.future();
    };
  }

  private synchronized Future<Access> find(Vertx vertx, PgConnectOptions server) {
    Future<Access> probe = pending;
    if (probe == null || probe.failed()) {
      probe =
          probe(vertx, Access.probing(server), false)
              .recover(
                  failure ->
                      failure instanceof PgException refused
                              && DatabaseFailure.PROTOCOL_VIOLATION.equals(refused.getSqlState())
                          ? probe(vertx, Access.bare(server), true)
                          : Future.failedFuture(failure))
              .onSuccess(access -> detected = access);
      pending = probe;
    }
    return probe;
  }

  private Future<Access> probe(Vertx vertx, PgConnectOptions options, boolean pooled) {
    options.setMetricsName("postgresql|probe");
    return connections
        .connect(vertx, options)
        .compose(
            connection ->
                connection
                    .query(PROBE)
                    .execute()
                    .map(
                        rows ->
                            read(
                                rows.iterator().next(),
                                pooled,
                                PgConnection.cast(connection).processId()))
                    .onComplete(rows -> connection.close()))
        .timeout(TIMEOUT_SECONDS, TimeUnit.SECONDS);
  }

  /** A pooler invents a process id, and some poolers drop a parameter instead of refusing it. */
  private static Access read(Row row, boolean pooled, int processId) {
    boolean direct =
        !pooled && row.getInteger("pid") == processId && row.getString("applied").equals("5s");
    return new Access(row.getString("login"), row.getBoolean("roles"), !direct);
  }
}
