package io.fastyoke.integrations.database;

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
 * Where the pools' connections lead to. Sessions that were opened while a server was read-only stay
 * so, and connections to a server that has become one lead nowhere: when there is a server that can
 * be written to, all of them are closed, and the pools make new ones.
 */
@Singleton
public class OpenConnections {
  private static final Logger LOG = Logger.getLogger(OpenConnections.class);
  private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);

  private final Vertx vertx;
  private final Duration idle;
  private final DatabaseUrl url;
  private final List<GuardedDriver> drivers = new CopyOnWriteArrayList<>();
  private final AtomicBoolean looking = new AtomicBoolean();

  OpenConnections(
      Vertx vertx, @ConfigProperty(name = "fastyoke.database.idle-timeout") Duration idle) {
    this.vertx = vertx;
    this.idle = idle;
    this.url =
        DatabaseUrl.given()
            .orElseThrow(() -> new IllegalStateException(DatabaseUrl.NAME + " is not set"));
  }

  /** The options of a pool, made those of the database. */
  PgConnectOptions to(PgConnectOptions options) {
    return ServerOptions.apply(options, url);
  }

  /** A driver for a pool of its own. */
  GuardedDriver driver() {
    GuardedDriver driver = new GuardedDriver(url, idle);
    drivers.add(driver);
    return driver;
  }

  /** A connection beside the pools; its user closes it. */
  Future<SqlConnection> connect(Vertx on, PgConnectOptions options) {
    return connect(on, options, url);
  }

  /** A connection around the pooler; its user closes it. */
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
   * To be told of every failure: after one that says that the server is read-only, a server that
   * can be written to is looked for once a second until there is one. Does not block.
   */
  public void failed(Throwable failure) {
    if (DatabaseFailure.isReadOnly(failure)) {
      readOnly();
    }
  }

  /** The server, or a session, was found to be read-only. Does not block. */
  void readOnly() {
    if (looking.compareAndSet(false, true)) {
      LOG.warn("The database is read-only: looking for a server that can be written to.");
      look();
    }
  }

  private void look() {
    Context context = vertx.getOrCreateContext();
    context.runOnContext(
        here ->
            drivers
                .get(0)
                .fresh(context)
                .compose(OpenConnections::isWritable)
                .onComplete(found -> found(found.succeeded() && found.result())));
  }

  private void found(boolean writable) {
    if (writable) {
      LOG.info("The database can be written to: connections are made anew.");
      looking.set(false);
      drivers.forEach(GuardedDriver::drop);
    } else {
      vertx.setTimer(BETWEEN_LOOKS.toMillis(), timer -> look());
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
