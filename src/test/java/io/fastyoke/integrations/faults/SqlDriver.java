package io.fastyoke.integrations.faults;

import static io.fastyoke.integrations.support.Eventually.pause;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * An engine that fires in its own transactions, with {@code fastyoke_fire}, by a login that may do
 * nothing else. Some it rolls back, and some end with the engine or with its backend: of these
 * there must be no run. A commit whose answer is lost is repeated under its key.
 */
final class SqlDriver implements AutoCloseable {
  /** How a transaction that has fired ends. */
  enum End {
    COMMIT,
    ROLLBACK,
    /** {@code kill -9} of the engine: its socket ends, and it says nothing. */
    ENGINE_KILLED,
    BACKEND_TERMINATED
  }

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int CALLERS = 4;
  private static final int COMMITS_OF_100 = 70;
  private static final int LONGEST_PAUSE_MS = 300;
  private static final Duration PAUSE = Duration.ofMillis(200);

  private final History history;
  private final List<Tenant> tenants;
  private final Server postgres;
  private final long seed;
  private final List<Thread> callers = new ArrayList<>();
  private final AtomicInteger abandoned = new AtomicInteger();
  private volatile boolean open = true;

  SqlDriver(History history, List<Tenant> tenants, Server postgres, long seed) {
    this.history = history;
    this.tenants = tenants;
    this.postgres = postgres;
    this.seed = seed;
  }

  SqlDriver start() {
    try (Connection owner = postgres.connect();
        Statement sql = owner.createStatement()) {
      sql.execute("CREATE ROLE engine LOGIN");
      sql.execute("GRANT EXECUTE ON FUNCTION fastyoke_fire(text, text, json, json) TO engine");
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
    for (int i = 0; i < CALLERS; i++) {
      int number = i;
      Thread caller = new Thread(() -> call(number), "engine " + i);
      caller.setDaemon(true);
      caller.start();
      callers.add(caller);
    }
    return this;
  }

  /** Transactions that had fired and did not commit. */
  int abandoned() {
    return abandoned.get();
  }

  /** Fires nothing new, and returns when all that was to commit has committed. */
  @Override
  public void close() {
    open = false;
    for (Thread caller : callers) {
      try {
        caller.join(Duration.ofMinutes(3).toMillis());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      if (caller.isAlive()) {
        history.violation(caller.getName() + " could not commit for 3 minutes");
      }
    }
  }

  private void call(int number) {
    Random random = new Random(seed * 37 + number);
    for (int count = 0; open; count++) {
      Plan plan =
          Plan.random(
              random,
              tenants.get(random.nextInt(tenants.size())),
              "k-sql-%d-%d-%d".formatted(seed, number, count),
              random.nextBoolean() ? "sql-job-%d-%d".formatted(seed, number) : null);
      if (random.nextInt(100) < COMMITS_OF_100) {
        commit(plan);
      } else {
        abandon(plan, End.values()[1 + random.nextInt(End.values().length - 1)]);
      }
      pause(Duration.ofMillis(random.nextInt(LONGEST_PAUSE_MS)));
    }
  }

  private void commit(Plan plan) {
    history.asked(plan);
    String run = null;
    while (run == null) {
      run = transaction(plan, End.COMMIT);
      if (run == null) {
        pause(PAUSE);
      }
    }
    history.accepted(plan, run);
  }

  /** Nobody is told of it: a run with its key is one too many. */
  private void abandon(Plan plan, End end) {
    if (transaction(plan, end) != null) {
      abandoned.incrementAndGet();
    }
  }

  /** The id of the run that was fired; null when nobody knows how the transaction ended. */
  private @Nullable String transaction(Plan plan, End end) {
    try (Connection engine = connect()) {
      engine.setAutoCommit(false);
      String run = fire(engine, plan);
      switch (end) {
        case COMMIT -> engine.commit();
        case ROLLBACK -> engine.rollback();
        case ENGINE_KILLED -> engine.abort(Runnable::run);
        case BACKEND_TERMINATED -> terminate(engine);
      }
      return run;
    } catch (SQLException unknown) {
      return null;
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  private Connection connect() throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:%d/postgres?user=engine&sslmode=disable&connectTimeout=2&socketTimeout=8"
            .formatted(postgres.port()));
  }

  private static String fire(Connection engine, Plan plan)
      throws SQLException, JsonProcessingException {
    try (PreparedStatement call = engine.prepareStatement("SELECT fastyoke_fire(?, ?, ?::json)")) {
      call.setString(1, plan.tenant().name());
      call.setString(2, plan.key());
      call.setString(3, JSON.writeValueAsString(plan.body()));
      try (ResultSet id = call.executeQuery()) {
        id.next();
        return id.getString(1);
      }
    }
  }

  private void terminate(Connection engine) throws SQLException {
    try (Statement own = engine.createStatement();
        ResultSet pid = own.executeQuery("SELECT pg_backend_pid()");
        Connection owner = postgres.connect();
        Statement sql = owner.createStatement()) {
      pid.next();
      sql.execute("SELECT pg_terminate_backend(" + pid.getInt(1) + ")");
    }
  }
}
