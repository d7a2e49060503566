package io.fastyoke.integrations.bench;

import io.fastyoke.integrations.bench.Row.Column;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.zip.DataFormatException;
import org.HdrHistogram.Histogram;

/**
 * Measures steps of the service. A fire counts when it is charged, which is when its outcome is on
 * disk; a step ends when the last run that it began is finished. Every step checks that what was
 * accepted was delivered and charged once.
 */
final class Steps implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 300;

  /** Whether there are runs that are due or in flight; those that wait for a far retry are not. */
  private static final String UNDER_WAY =
      "SELECT EXISTS (SELECT FROM action_runs WHERE tenant_id = ? AND due_at < now() + interval '2"
          + " minutes')::int";

  /** Whether there is what was fired in SQL and is no run yet. */
  private static final String NOT_TAKEN_IN = "SELECT EXISTS (SELECT FROM fired_order)::int";

  /** Whether runs wait behind others. Reads all that wait for a retry, so it is not measured. */
  private static final String BEHIND_OTHERS =
      """
      SELECT EXISTS (SELECT FROM action_runs
        WHERE tenant_id = ? AND job_id IS NOT NULL AND finished_at IS NULL AND due_at IS NULL)::int
      """;

  private static final String CHARGED =
      """
      SELECT count(*) FROM utility_ledger
      WHERE tenant_id = ? AND occurred_at >= to_timestamp(? / 1e9) AND occurred_at < to_timestamp(? / 1e9)
      """;

  private final Vertx vertx;
  private final Postgres postgres;
  private final String name;
  private final Connection database;
  private final Child receiver;
  private final List<Service> services;
  private final HttpClient http = HttpClient.newHttpClient();

  /**
   * @param name of the services' database
   */
  Steps(Vertx vertx, Postgres postgres, String name, Child receiver, List<Service> services)
      throws SQLException {
    this.vertx = vertx;
    this.postgres = postgres;
    this.name = name;
    this.database = postgres.connect(name);
    try (Statement statement = database.createStatement()) {
      // Asking whether all is done must not cost more than doing it.
      statement.execute("SET enable_seqscan = off");
      statement.execute("SET enable_bitmapscan = off");
    }
    this.receiver = receiver;
    this.services = services;
  }

  /** Callers that fire again as soon as they are answered. */
  Row closed(String name, Fires fires, int callers, double seconds) throws Exception {
    return measure(
        name, fires, () -> Load.closed(vertx, ports(), fires.status(), fires, callers, seconds));
  }

  /** Engines that fire in their own transactions, one after the other. */
  Row transactions(String name, Fires fires, int engines, double seconds) throws Exception {
    return measure(
        name,
        fires,
        () -> {
          Load.Result fired = SqlLoad.closed(postgres, this.name, fires, engines, seconds);
          while (Postgres.number(database, NOT_TAKEN_IN) > 0) {
            Thread.sleep(10);
          }
          return fired;
        });
  }

  /** The same with a fixed number of fires. */
  Row counted(String name, Fires fires, int callers, long most) throws Exception {
    return measure(
        name,
        fires,
        () -> Load.closed(vertx, ports(), fires.status(), fires, callers, PATIENCE_SECONDS, most));
  }

  /** A fixed rate. */
  Row open(String name, Fires fires, double perSecond, double seconds) throws Exception {
    return measure(
        name, fires, () -> Load.open(vertx, ports(), fires.status(), fires, perSecond, seconds));
  }

  private List<Integer> ports() {
    return services.stream().map(Service::port).toList();
  }

  private Row measure(String name, Fires fires, Callable<Load.Result> load) throws Exception {
    drain(fires.tenant());
    report(fires.lane()); // what came before is forgotten
    Usage before = usage();
    long begun = Clock.now();
    Load.Result accepted = load.call();
    Ended ended = drain(fires.tenant());
    long charged = charged(fires.tenant(), begun, Long.MAX_VALUE);
    String[] delivered = report(fires.lane());
    check(name, accepted, charged, delivered);
    Row row =
        Row.of(name, charged * 1e9 / (ended.at() - begun))
            .with(Column.ACCEPT_P50, accepted.answers())
            .with(Column.DELIVER_P50, histogram(delivered[2]))
            .with(Column.RSS, Cpu.residentMib(services.get(0).pid()))
            .with(Column.FAILED, accepted.failed());
    System.err.printf("  %-36s %,8.0f fires/s%n", name, row.rate());
    return ended.usage().charge(row, before, charged);
  }

  /** Fires that were charged in a time, by {@link Clock}. */
  long charged(String tenant, long from, long until) throws SQLException {
    return Postgres.number(database, CHARGED, tenant, from, until);
  }

  private static void check(String name, Load.Result accepted, long charged, String[] delivered) {
    String counts =
        "%d accepted, %d charged, %s delivered, %s delivered again"
            .formatted(accepted.succeeded(), charged, delivered[0], delivered[1]);
    boolean refused = accepted.failed() > 0; // a request that was given up may still be on disk
    if (!delivered[1].equals("0")
        || Long.parseLong(delivered[0]) != charged
        || (!refused && accepted.succeeded() != charged)) {
      throw new IllegalStateException(name + ": " + counts);
    }
  }

  /** When a step's last run was finished, and what had been used until then. */
  private record Ended(long at, Usage usage) {}

  private Ended drain(String tenant) throws SQLException, InterruptedException {
    long begun = System.nanoTime();
    while (true) {
      if (Postgres.number(database, UNDER_WAY, tenant) == 0) {
        Ended ended = new Ended(Clock.now(), usage());
        if (Postgres.number(database, BEHIND_OTHERS, tenant) == 0) {
          return ended;
        }
      }
      if (System.nanoTime() - begun > TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS)) {
        throw new IllegalStateException("the runs do not come to an end");
      }
      Thread.sleep(50);
    }
  }

  private Usage usage() throws SQLException {
    return Usage.now(postgres, name, services, receiver);
  }

  /** What has arrived since the last report: distinct deliveries, repeated ones, the histogram. */
  private String[] report(String lane) throws IOException, InterruptedException {
    URI uri = URI.create("http://127.0.0.1:" + receiver.port() + "/" + lane + "/report");
    return http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
        .body()
        .split(" ");
  }

  private static Histogram histogram(String encoded) throws DataFormatException {
    return Histogram.decodeFromCompressedByteBuffer(
        ByteBuffer.wrap(Base64.getDecoder().decode(encoded)), 0);
  }

  @Override
  public void close() throws SQLException {
    database.close();
  }
}
