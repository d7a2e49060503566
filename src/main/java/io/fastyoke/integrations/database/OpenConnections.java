package io.fastyoke.integrations.database;

import io.fastyoke.integrations.database.transport.ServerOptions;
import io.fastyoke.integrations.database.url.DatabaseUrl;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.SqlConnection;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * Moves the pools' connections to a writable server after a failover. Sessions that were opened on
 * a read-only server stay read-only, and so do those on a demoted primary. When a writable server
 * is found, all connections are closed, and the pools make new ones.
 */
@Singleton
public class OpenConnections {
  private static final Logger LOG = Logger.getLogger(OpenConnections.class);
  private static final Duration CHECK_DELAY = Duration.ofSeconds(1);

  private final Vertx vertx;
  private final Duration idle;
  private final DatabaseUrl url;
  private final List<GuardedDriver> drivers = new CopyOnWriteArrayList<>();
  private final AtomicBoolean searching = new AtomicBoolean();

  OpenConnections(
      Vertx vertx, @ConfigProperty(name = "fastyoke.database.idle-timeout") Duration idle) {
    this.vertx = vertx;
    this.idle = idle;
    this.url =
        DatabaseUrl.given()
            .orElseThrow(() -> new IllegalStateException(DatabaseUrl.NAME + " is not set"));
  }

  /** The options of a pool, with the address of {@code DATABASE_URL}. */
  PgConnectOptions to(PgConnectOptions options) {
    return ServerOptions.apply(options, url);
  }

  /** A driver for one pool. */
  GuardedDriver driver() {
    GuardedDriver driver = new GuardedDriver(url, idle);
    drivers.add(driver);
    return driver;
  }

  /** A connection outside of the pools; the caller closes it. */
  Future<SqlConnection> connect(Vertx on, PgConnectOptions options) {
    return connect(on, options, url);
  }

  /** A connection that bypasses the pooler; the caller closes it. */
  Future<SqlConnection> connectDirectly(Vertx on, DatabaseUrl direct) {
    PgConnectOptions options =
        ServerOptions.apply(new PgConnectOptions(), direct).setMetricsName("postgresql|direct");
    return connect(on, options, direct);
  }

  private Future<SqlConnection> connect(Vertx on, PgConnectOptions options, DatabaseUrl url) {
    return new GuardedDriver(url, idle)
        .createConnectionFactory(on, () -> Future.succeededFuture(options))
        .connect(on.getOrCreateContext());
  }

  /**
   * Reports a failure of a statement. If the server turned out to be read-only, a writable one is
   * looked for once a second until there is one. Does not block.
   */
  public void failed(Throwable failure) {
    if (DatabaseFailure.isReadOnly(failure)) {
      readOnly();
    }
  }

  /** Reports that the server or a session is read-only. Does not block. */
  void readOnly() {
    if (searching.compareAndSet(false, true)) {
      LOG.warn("The database is read-only; looking for a writable server.");
      search();
    }
  }

  private void search() {
    Context context = vertx.getOrCreateContext();
    context.runOnContext(
        here ->
            drivers
                .get(0)
                .connect(context)
                .compose(OpenConnections::isWritable)
                .onComplete(reply -> checked(reply.succeeded() && reply.result())));
  }

  private void checked(boolean writable) {
    if (writable) {
      LOG.info("Found a writable database server; reconnecting.");
      searching.set(false);
      drivers.forEach(GuardedDriver::closeAll);
    } else {
      vertx.setTimer(CHECK_DELAY.toMillis(), timer -> search());
    }
  }

  private static Future<Boolean> isWritable(SqlConnection connection) {
    return connection
        .query("SHOW transaction_read_only")
        .execute()
        .map(rows -> rows.iterator().next().getString(0).equals("off"))
        .eventually(() -> connection.close());
  }
}
