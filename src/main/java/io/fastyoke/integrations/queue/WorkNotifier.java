package io.fastyoke.integrations.queue;

import io.fastyoke.integrations.database.EngineDatabase;
import io.quarkus.reactive.datasource.ReactiveDataSource;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import io.vertx.mutiny.pgclient.PgConnection;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.enterprise.event.Observes;
import org.jboss.logging.Logger;

/**
 * Notifies other replicas of work that this one cannot take (PostgreSQL's LISTEN and NOTIFY), and
 * only of that: a notification makes all commits queue behind one lock, and a run that starts at
 * once needs no other replica. A lost notification costs a second, until the next poll.
 */
@ApplicationScoped
public class WorkNotifier {
  /** Another replica has work that it cannot take. */
  public record WorkAvailable() {}

  /** A transaction that fired in SQL has committed. */
  public record Fired() {}

  private static final Logger LOG = Logger.getLogger(WorkNotifier.class);
  private static final String CHANNEL = "fastyoke_integrations_runs";

  /** What {@code fired_at_commit} sends. */
  private static final String FIRED = "fired";

  private static final long RECONNECT_DELAY_MS = 1_000;
  private static final long MIN_INTERVAL_MS = 50;

  /** A connection on which nothing is heard is closed after a few seconds; this keeps it open. */
  private static final long HEARTBEAT_MS = 2_000;

  /** Behind a pooler that takes the session away from a listener: polling instead of LISTEN. */
  private static final long POLL_MS = 250;

  private final Pool pool;
  private final EngineDatabase database;
  private final InstanceId replica;
  private final Vertx vertx;
  private final Event<WorkAvailable> workAvailable;
  private final Event<Fired> fired;
  private volatile boolean open = true;
  private volatile boolean listens = true;
  private boolean notified;

  WorkNotifier(
      @ReactiveDataSource("engine") Pool pool,
      EngineDatabase database,
      InstanceId replica,
      Vertx vertx,
      Event<WorkAvailable> workAvailable,
      Event<Fired> fired) {
    this.pool = pool;
    this.database = database;
    this.replica = replica;
    this.vertx = vertx;
    this.workAvailable = workAvailable;
    this.fired = fired;
  }

  void start(@Observes StartupEvent event) {
    listens = database.forListening(vertx).isPresent();
    if (listens) {
      listen();
    } else {
      vertx.setPeriodic(POLL_MS, this::poll);
    }
  }

  private void poll(long timer) {
    if (open) {
      workAvailable.fire(new WorkAvailable());
    } else {
      vertx.cancelTimer(timer);
    }
  }

  void stop(@Observes ShutdownEvent event) {
    open = false;
  }

  /** Tells the other replicas that there is work, at most every 50 ms. */
  public void notifyReplicas() {
    synchronized (this) {
      if (notified || !open || !listens) {
        return;
      }
      notified = true;
    }
    vertx.setTimer(MIN_INTERVAL_MS, timer -> mayNotifyAgain());
    pool.preparedQuery("SELECT pg_notify($1, $2)")
        .execute(Tuple.of(CHANNEL, replica.id().toString()))
        .subscribe()
        .with(
            done -> {},
            failure ->
                LOG.debugf(
                    "NOTIFY failed; other replicas will find the work by polling (%s)", failure));
  }

  private synchronized void mayNotifyAgain() {
    notified = false;
  }

  private void listen() {
    database.forListening(vertx).orElseThrow().subscribe().with(this::listenOn, this::listenLater);
  }

  private void listenOn(PgConnection connection) {
    connection.notificationHandler(notification -> notified(notification.getPayload()));
    long heartbeat = vertx.setPeriodic(HEARTBEAT_MS, timer -> listenAgain(connection));
    connection.closeHandler(
        () -> {
          vertx.cancelTimer(heartbeat);
          listenLater(new IllegalStateException("the connection was closed"));
        });
    listenAgain(connection);
  }

  private void notified(String payload) {
    if (payload.equals(FIRED)) {
      fired.fire(new Fired());
    } else if (!payload.equals(replica.id().toString())) {
      workAvailable.fire(new WorkAvailable());
    }
  }

  /** Listening twice is listening once. What fails without closing the connection is repeated. */
  private static void listenAgain(PgConnection connection) {
    connection
        .query("LISTEN " + CHANNEL)
        .execute()
        .subscribe()
        .with(done -> {}, failure -> LOG.debugf("not listening (%s)", failure.getMessage()));
  }

  private void listenLater(Throwable failure) {
    if (open) {
      LOG.debugf("not listening to other replicas (%s), trying again", failure.getMessage());
      vertx.setTimer(RECONNECT_DELAY_MS, timer -> listen());
    }
  }
}
