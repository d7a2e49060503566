package io.fastyoke.integrations.bench;

import java.util.LinkedHashMap;
import java.util.Map;
import org.HdrHistogram.Histogram;

/**
 * One line of the table: a name and figures by column; what was not measured is left out.
 *
 * @param step what was measured
 */
record Row(String step, Map<Column, Double> figures) {
  /** The columns in their order. */
  enum Column {
    RATE("fires/s", 0),
    ACCEPT_P50("accept p50 ms", 2),
    ACCEPT_P99("p99", 2),
    ACCEPT_P999("p99.9", 2),
    DELIVER_P50("deliver p50 ms", 2),
    DELIVER_P99("p99", 2),
    DELIVER_P999("p99.9", 2),
    CPU_SERVICE("cpu µs/fire service", 0),
    CPU_COMPILERS("of it compilers", 0),
    CPU_POSTGRES("postgres", 0),
    CPU_RECEIVER("receiver", 0),
    CPU_LOAD("load", 0),
    WAL("WAL B/fire", 0),
    COMMITS("commits/fire", 2),
    RSS("RSS MiB", 0),
    FAILED("failed", 0);

    private final String title;
    private final int decimals;

    Column(String title, int decimals) {
      this.title = title;
      this.decimals = decimals;
    }

    String title() {
      return title;
    }

    int decimals() {
      return decimals;
    }
  }

  static Row of(String step, double rate) {
    Row row = new Row(step, new LinkedHashMap<>());
    return row.with(Column.RATE, rate);
  }

  double rate() {
    return figures.get(Column.RATE);
  }

  Row with(Column column, double figure) {
    figures.put(column, figure);
    return this;
  }

  /** Adds median, 99th and 99.9th percentile from this column on. */
  Row with(Column first, Histogram nanos) {
    double[] percentiles = {50, 99, 99.9};
    for (int i = 0; i < percentiles.length && nanos.getTotalCount() > 0; i++) {
      Column column = Column.values()[first.ordinal() + i];
      figures.put(column, nanos.getValueAtPercentile(percentiles[i]) / 1e6);
    }
    return this;
  }
}
