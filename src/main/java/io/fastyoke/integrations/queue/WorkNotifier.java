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
 * Tells other replicas of work that this one cannot take (PostgreSQL's LISTEN and NOTIFY). Rung
 * only then: a notification costs every other commit a lock, and whoever accepts a run with a
 * permit free needs nobody's help. A ring that is lost costs a second, until the next poll.
 */
@ApplicationScoped
public class WorkNotifier {
  /** Somebody else has work that it cannot take. */
  public record WorkAvailable() {}

  private static final Logger LOG = Logger.getLogger(WorkNotifier.class);
  private static final String CHANNEL = "fastyoke_integrations_runs";
  private static final long PAUSE_MS = 1_000;
  private static final long QUIET_MS = 50;

  /** A connection on which nothing is heard is closed after a few seconds; this keeps it open. */
  private static final long HEARTBEAT_MS = 2_000;

  /** Where nobody can be told: a pooler takes the session away from whoever listens. */
  private static final long UNHEARD_MS = 250;

  private final Pool pool;
  private final EngineDatabase database;
  private final InstanceId replica;
  private final Vertx vertx;
  private final Event<WorkAvailable> workAvailable;
  private volatile boolean open = true;
  private volatile boolean deaf;
  private boolean ringing;

  WorkNotifier(
      @ReactiveDataSource("engine") Pool pool,
      EngineDatabase database,
      InstanceId replica,
      Vertx vertx,
      Event<WorkAvailable> workAvailable) {
    this.pool = pool;
    this.database = database;
    this.replica = replica;
    this.vertx = vertx;
    this.workAvailable = workAvailable;
  }

  void start(@Observes StartupEvent event) {
    deaf = database.forListening(vertx).isEmpty();
    if (deaf) {
      vertx.setPeriodic(UNHEARD_MS, this::lookAnyway);
    } else {
      listen();
    }
  }

  private void lookAnyway(long timer) {
    if (open) {
      workAvailable.fire(new WorkAvailable());
    } else {
      vertx.cancelTimer(timer);
    }
  }

  void stop(@Observes ShutdownEvent event) {
    open = false;
  }

  /** Rings at the other replicas, at most every 50 ms. */
  public void ring() {
    synchronized (this) {
      if (ringing || !open || deaf) {
        return;
      }
      ringing = true;
    }
    vertx.setTimer(QUIET_MS, timer -> quiet());
    pool.preparedQuery("SELECT pg_notify($1, $2)")
        .execute(Tuple.of(CHANNEL, replica.id().toString()))
        .subscribe()
        .with(
            done -> {},
            failure ->
                LOG.debugf(
                    "NOTIFY failed; other replicas will find the work by polling (%s)", failure));
  }

  private synchronized void quiet() {
    ringing = false;
  }

  private void listen() {
    database.forListening(vertx).orElseThrow().subscribe().with(this::listenOn, this::listenLater);
  }

  private void listenOn(PgConnection connection) {
    connection.notificationHandler(
        notification -> {
          if (!notification.getPayload().equals(replica.id().toString())) {
            workAvailable.fire(new WorkAvailable());
          }
        });
    long heartbeat = vertx.setPeriodic(HEARTBEAT_MS, timer -> listenAgain(connection));
    connection.closeHandler(
        () -> {
          vertx.cancelTimer(heartbeat);
          listenLater(new IllegalStateException("the connection was closed"));
        });
    listenAgain(connection);
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
      vertx.setTimer(PAUSE_MS, timer -> listen());
    }
  }
}
