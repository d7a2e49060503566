package io.fastyoke.integrations.bench;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.HdrHistogram.Histogram;

/**
 * Transactions of an engine that do nothing but fire, with {@code fastyoke_fire}: each begins when
 * the last has committed (closed model), on a connection and a thread of its own. Latency counts
 * from the call to the end of the commit.
 */
final class SqlLoad {
  private static final String FIRE = "SELECT fastyoke_fire(?, ?, ?::json)";

  private SqlLoad() {}

  /**
   * @param fires like these, each engine's with keys of its own
   */
  static Load.Result closed(
      Postgres postgres, String database, Fires fires, int engines, double seconds)
      throws ExecutionException, InterruptedException {
    ExecutorService threads = Executors.newFixedThreadPool(engines);
    try {
      long begun = Clock.now();
      long end = begun + (long) (seconds * 1e9);
      List<Callable<Histogram>> all = new ArrayList<>();
      for (int i = 0; i < engines; i++) {
        Fires own = fires.anew();
        all.add(() -> fire(postgres, database, own, end));
      }
      Histogram commits = new Histogram(3);
      for (Future<Histogram> each : threads.invokeAll(all)) {
        commits.add(each.get());
      }
      return new Load.Result(commits, 0, Clock.now() - begun);
    } finally {
      threads.shutdownNow();
    }
  }

  private static Histogram fire(Postgres postgres, String database, Fires fires, long end)
      throws SQLException {
    Histogram commits = new Histogram(3);
    try (Connection engine = postgres.connect(database);
        PreparedStatement call = engine.prepareStatement(FIRE)) {
      engine.setAutoCommit(false);
      for (long began = Clock.now(); began < end; began = Clock.now()) {
        call.setString(1, fires.tenant());
        call.setString(2, fires.nextKey());
        call.setString(3, fires.body(began));
        call.execute();
        engine.commit();
        commits.recordValue(Math.max(0, Clock.now() - began));
      }
    }
    return commits;
  }
}
