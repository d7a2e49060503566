package io.fastyoke.integrations.database;

import io.fastyoke.integrations.database.Access.Pooling;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.impl.VertxInternal;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgConnection;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnectOptions;
import io.vertx.sqlclient.SqlConnection;
import jakarta.inject.Singleton;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;
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
        current_setting('server_version_num')::int >= 170000 AS bounded,
        COALESCE(roles.member, false) AS member, COALESCE(roles.member AND roles.granted, false) AS roles
      FROM (SELECT count(*) = 2 AND bool_and(pg_has_role(current_user, r.oid,
            CASE WHEN current_setting('server_version_num')::int >= 160000 THEN 'SET' ELSE 'MEMBER' END)) AS member,
          bool_and(COALESCE(has_table_privilege(r.oid, to_regclass('connections')::oid, 'SELECT'), false)) AS granted
        FROM pg_roles r WHERE r.rolname IN ('%s', '%s')) AS roles
      """
          .formatted(Access.Side.TENANTS.role, Access.Side.ENGINE.role);

  /**
   * One statement that is prepared, and the name that the database knows it by. A pooler that
   * prepares statements where they are used gives them names of its own (PgBouncer from 1.21 on, <a
   * href="https://www.pgbouncer.org/config.html#max_prepared_statements">max_prepared_statements</a>).
   */
  private static final String PREPARED = "SELECT 1 AS fastyoke_probe";

  private static final String NAME =
      "SELECT name FROM pg_prepared_statements WHERE statement = '%s'".formatted(PREPARED);

  /** The names that our driver gives. */
  private static final Pattern OURS = Pattern.compile("[0-9A-Fa-f]+");

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
              .compose(
                  access ->
                      access.pooled()
                          ? named(vertx, server, access)
                          : Future.succeededFuture(access))
              .onSuccess(access -> detected = access);
      pending = probe;
    }
    return probe;
  }

  private Future<Access> probe(Vertx vertx, PgConnectOptions options, boolean pooled) {
    return on(
        vertx,
        options,
        connection ->
            connection
                .query(PROBE)
                .execute()
                .map(
                    rows ->
                        read(
                            rows.iterator().next(),
                            pooled,
                            PgConnection.cast(connection).processId())));
  }

  /** A pooler invents a process id, and some poolers drop a parameter instead of refusing it. */
  private static Access read(Row row, boolean pooled, int processId) {
    boolean direct =
        !pooled && row.getInteger("pid") == processId && row.getString("applied").equals("5s");
    return new Access(
        row.getString("login"),
        row.getBoolean("roles"),
        row.getBoolean("bounded"),
        direct ? Pooling.NONE : Pooling.WITHOUT_NAMES);
  }

  /** Looks whether the pooler renames a prepared statement: then it knows it in every session. */
  private Future<Access> named(Vertx vertx, PgConnectOptions server, Access access) {
    return on(vertx, Access.named(server), AccessProbe::renames)
        .map(
            renamed ->
                new Access(
                    access.login(),
                    access.roles(),
                    access.bounded(),
                    renamed ? Pooling.WITH_NAMES : Pooling.WITHOUT_NAMES))
        // Without an answer we work without names, which every pooler bears.
        .otherwise(access);
  }

  /** In one transaction, for which the pooler keeps to one session. */
  private static Future<Boolean> renames(SqlConnection connection) {
    return connection
        .query("BEGIN")
        .execute()
        .compose(begun -> connection.prepare(PREPARED))
        .compose(prepared -> connection.query(NAME).execute())
        .map(AccessProbe::name)
        .compose(
            name -> {
              boolean ours = name == null || OURS.matcher(name).matches();
              // The next client of this session may give the same name to another statement.
              String clean = ours && name != null ? "DEALLOCATE \"" + name + "\"; " : "";
              return connection.query(clean + "COMMIT").execute().map(done -> !ours);
            });
  }

  private static @Nullable String name(RowSet<Row> rows) {
    return rows.size() == 0 ? null : rows.iterator().next().getString(0);
  }

  /** On a connection of its own, not from within the context of the first one who asks. */
  private <T> Future<T> on(
      Vertx vertx, PgConnectOptions options, Function<SqlConnection, Future<T>> question) {
    options.setMetricsName("postgresql|probe");
    return connections
        .connect(vertx, options)
        .compose(
            connection -> question.apply(connection).onComplete(answered -> connection.close()))
        .timeout(TIMEOUT_SECONDS, TimeUnit.SECONDS);
  }
}
