package io.fastyoke.integrations.bench;

import io.fastyoke.integrations.bench.Row.Column;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Two packages side by side: both are started on the same machine, each with a database of its own
 * on the same server, and their steps alternate. What else the machine does meets both alike.
 */
final class Against implements AutoCloseable {
  private static final List<Column> COMPARED =
      List.of(
          Column.RATE,
          Column.ACCEPT_P50,
          Column.ACCEPT_P99,
          Column.DELIVER_P50,
          Column.CPU_SERVICE,
          Column.CPU_POSTGRES,
          Column.WAL,
          Column.RSS);

  /** One of the two. */
  record Side(String name, Service service, Steps steps, Fires fires) implements AutoCloseable {
    @Override
    public void close() throws SQLException {
      steps.close();
      service.close();
    }
  }

  private final Side ours;
  private final Side theirs;
  private final StringBuilder table = new StringBuilder();

  private Against(Side ours, Side theirs) {
    this.ours = ours;
    this.theirs = theirs;
    table.append("\n| ratio to the other package |");
    COMPARED.forEach(
        column -> table.append(' ').append(column.name().toLowerCase(Locale.ROOT)).append(" |"));
    table.append("\n|---|").append("--:|".repeat(COMPARED.size())).append('\n');
  }

  /** Makes the connections of one tenant. */
  interface Connect {
    List<String> on(Service service) throws IOException, InterruptedException;
  }

  static Against start(
      Vertx vertx, Child receiver, Launcher ours, Launcher theirs, Connect connect, Fires like)
      throws Exception {
    return new Against(
        side("A", vertx, receiver, ours, connect, like),
        side("B", vertx, receiver, theirs, connect, like));
  }

  private static Side side(
      String name, Vertx vertx, Child receiver, Launcher launcher, Connect connect, Fires like)
      throws Exception {
    Service service = launcher.start(null);
    service.awaitReady();
    Fires fires = new Fires(like.tenant(), like.lane(), connect.on(service), null);
    Steps steps =
        new Steps(vertx, launcher.postgres(), launcher.database(), receiver, List.of(service));
    return new Side(name, service, steps, fires);
  }

  void warmUp(int callers) throws Exception {
    for (Side side : List.of(ours, theirs)) {
      WarmUp.run(side.name() + " warm-up", side.steps(), side.service(), side.fires(), callers);
    }
  }

  /** A B A B …; returns the rows, and keeps their ratios for {@link #table}. */
  List<Row> compare(String step, boolean waiting, int callers, int seconds, int pairs)
      throws Exception {
    List<Row> rows = new ArrayList<>();
    Map<Column, List<Double>> ratios = new EnumMap<>(Column.class);
    for (int pair = 1; pair <= pairs; pair++) {
      Row a = measure(ours, step + ", " + pair, waiting, callers, seconds);
      Row b = measure(theirs, step + ", " + pair, waiting, callers, seconds);
      rows.addAll(List.of(a, b));
      for (Column column : COMPARED) {
        Double x = a.figures().get(column);
        Double y = b.figures().get(column);
        if (x != null && y != null && y > 0) {
          ratios.computeIfAbsent(column, c -> new ArrayList<>()).add(x / y);
        }
      }
    }
    table.append("| ").append(step).append(" |");
    COMPARED.forEach(column -> table.append(' ').append(cell(ratios.get(column))).append(" |"));
    table.append('\n');
    return rows;
  }

  private static Row measure(Side side, String step, boolean waiting, int callers, int seconds)
      throws Exception {
    Fires fires = waiting ? side.fires().waiting() : side.fires();
    return side.steps().closed(side.name() + " " + step, fires, callers, seconds);
  }

  /** Median, and the least and the greatest behind it. */
  private static String cell(List<Double> ratios) {
    if (ratios == null) {
      return "-";
    }
    List<Double> sorted = ratios.stream().sorted().toList();
    int middle = sorted.size() / 2;
    double median =
        sorted.size() % 2 == 1
            ? sorted.get(middle)
            : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    return String.format(
        Locale.ROOT, "%.2f (%.2f to %.2f)", median, sorted.get(0), sorted.get(sorted.size() - 1));
  }

  /** The ratios of our figures to the other's: medians of the pairs. */
  String table() {
    return table.toString();
  }

  @Override
  public void close() throws SQLException {
    ours.close();
    theirs.close();
  }
}
