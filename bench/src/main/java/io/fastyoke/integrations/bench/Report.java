package io.fastyoke.integrations.bench;

import io.fastyoke.integrations.bench.Row.Column;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Collects what was measured, as one table and as JSON. */
final class Report {
  /** The service's share of each limit that it is to reach. */
  private static final Map<String, Double> TARGETS = targets();

  private static final String JUDGED = "L2";
  private static final double FAR_OFF = 1 / 3.0;

  private final JsonObject machine;
  private final List<Row> rows = new ArrayList<>();
  private final Map<String, Double> limits = new LinkedHashMap<>();
  private double best;
  private long firstAnswerMillis;

  Report(JsonObject machine) {
    this.machine = machine;
  }

  private static Map<String, Double> targets() {
    Map<String, Double> targets = new LinkedHashMap<>();
    targets.put("L2", 1.0);
    targets.put("L3", 0.15);
    targets.put("L4", 0.15);
    return targets;
  }

  Row limit(Row row) {
    limits.put(row.step().substring(0, 2), row.rate());
    rows.add(row);
    return row;
  }

  /** A step that counts for the service's maximum. */
  Row measured(Row row) {
    best = Math.max(best, row.rate());
    return also(row);
  }

  /** A step that does not. */
  Row also(Row row) {
    rows.add(row);
    return row;
  }

  void firstAnswerAfter(long millis) {
    firstAnswerMillis = millis;
  }

  double best() {
    return best;
  }

  /** Whether the ratio that least depends on the machine is not far off its target. */
  boolean isPlausible() {
    return ratio(JUDGED) >= TARGETS.get(JUDGED) * FAR_OFF;
  }

  private double ratio(String limit) {
    return best / limits.get(limit);
  }

  /** Writes the JSON and returns the table. */
  String write(Path json) throws IOException {
    JsonArray steps = new JsonArray();
    rows.forEach(row -> steps.add(json(row)));
    JsonObject ratios = new JsonObject();
    limits.keySet().stream()
        .filter(TARGETS::containsKey)
        .forEach(limit -> ratios.put(limit, ratio(limit)));
    JsonObject all =
        new JsonObject()
            .put("machine", machine)
            .put("best_fires_per_second", best)
            .put("ratios", ratios)
            .put("first_202_ms", firstAnswerMillis)
            .put("steps", steps);
    Files.writeString(json, all.encodePrettily() + "\n");
    return table();
  }

  private static JsonObject json(Row row) {
    JsonObject step = new JsonObject().put("step", row.step());
    row.figures()
        .forEach((column, figure) -> step.put(column.name().toLowerCase(Locale.ROOT), figure));
    return step;
  }

  private String table() {
    StringBuilder table = new StringBuilder();
    machine.forEach(
        fact -> table.append(fact.getKey()).append(": ").append(fact.getValue()).append("; "));
    table.append("\n\n| step |");
    for (Column column : Column.values()) {
      table.append(' ').append(column.title()).append(" |");
    }
    table.append("\n|---|").append("--:|".repeat(Column.values().length)).append('\n');
    rows.forEach(row -> table.append(line(row)));
    if (firstAnswerMillis > 0) {
      table.append("\nStart to first 202: ").append(firstAnswerMillis).append(" ms\n");
    }
    TARGETS.forEach(
        (limit, target) -> {
          if (limits.containsKey(limit)) {
            table.append(
                String.format(
                    Locale.ROOT,
                    "service / %s: %.2f (target %.2f)%n",
                    limit,
                    ratio(limit),
                    target));
          }
        });
    return table.toString();
  }

  private static String line(Row row) {
    StringBuilder line = new StringBuilder("| ").append(row.step()).append(" |");
    for (Column column : Column.values()) {
      Double figure = row.figures().get(column);
      line.append(' ')
          .append(
              figure == null
                  ? "-"
                  : String.format(Locale.ROOT, "%,." + column.decimals() + "f", figure))
          .append(" |");
    }
    return line.append('\n').toString();
  }
}
