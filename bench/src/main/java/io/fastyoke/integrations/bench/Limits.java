package io.fastyoke.integrations.bench;

import io.fastyoke.integrations.bench.Row.Column;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;

/** What the machine can do at most: HTTP without a database, and the database without HTTP. */
record Limits(Vertx vertx, Postgres postgres, Child receiver, int seconds) {
  private static final int CALLERS = 64;

  /** L1: the load generator straight to the receiver. */
  Row receiverAlone() {
    return http("L1 receiver alone", receiver.port(), 200);
  }

  /** L4: HTTP in and out, nothing else. */
  Row forwarder() throws IOException {
    try (Child forwarder = Child.start(Forwarder.class, String.valueOf(receiver.port()))) {
      http("warm-up", forwarder.port(), 202);
      return http("L4 forwarder, no database", forwarder.port(), 202);
    }
  }

  /** L2 and L3: the best of several numbers of clients. */
  Row pgbench(String name, Pgbench pgbench, int fires, int... clients)
      throws IOException, InterruptedException, SQLException {
    Row best = null;
    for (int count : clients) {
      Usage before = usage();
      double rate = pgbench.run(count, fires, seconds);
      Row row = Row.of("%s, %d clients".formatted(name, count), rate);
      Usage after = usage();
      row.with(
          Column.CPU_POSTGRES, (after.postgres() - before.postgres()) * 1e6 / (rate * seconds));
      row.with(Column.WAL, (after.wal() - before.wal()) / (rate * seconds));
      row.with(Column.COMMITS, (after.commits() - before.commits()) / (rate * seconds));
      best = best == null || best.rate() < rate ? row : best;
    }
    return best;
  }

  private Row http(String name, int port, int status) {
    Buffer request = Line.post("/direct/x", "", "{\"job_id\":\"job-1\",\"state\":\"started\"}");
    Load.Result result =
        Load.closed(vertx, List.of(port), status, at -> request.copy(), CALLERS, seconds);
    return Row.of(name, result.rate())
        .with(Column.ACCEPT_P50, result.answers())
        .with(Column.FAILED, result.failed());
  }

  private Usage usage() throws SQLException {
    return Usage.now(postgres, Postgres.LIMITS, List.of(), receiver);
  }
}
