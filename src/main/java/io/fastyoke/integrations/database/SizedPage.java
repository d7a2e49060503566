package io.fastyoke.integrations.database;

import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * One page of rows that may be large. A page ends at its row limit, or at the row with which it
 * reaches {@value #MAX_BYTES} bytes: a page of the largest rows would otherwise exhaust the memory.
 *
 * @param rows at least one, if any row matches
 * @param more whether further rows follow
 */
public record SizedPage<T>(List<T> rows, boolean more) {
  static final int MAX_BYTES = 2 * 1024 * 1024;

  private static final String SQL =
      """
      SELECT * FROM (
        SELECT p.*, count(*) OVER () AS found, sum(%2$s) OVER (ORDER BY p.id DESC) - (%2$s) AS earlier
        FROM (%1$s) p) page
      WHERE earlier < %3$d ORDER BY id DESC
      """;

  /**
   * The statement for a page, highest ids first.
   *
   * @param select query that ends with a LIMIT of one row more than the page's limit
   * @param octets SQL expression for the size of a row {@code p} in bytes; never null
   */
  public static String of(String select, String octets) {
    return SQL.formatted(select, octets, MAX_BYTES);
  }

  /**
   * Reads the result of {@link #of}.
   *
   * @param limit rows of the page at most
   */
  public static <T> SizedPage<T> read(RowSet<Row> found, int limit, Function<Row, T> reader) {
    List<T> rows = new ArrayList<>(found.size());
    long all = 0;
    for (Row row : found) {
      all = row.getLong("found");
      if (rows.size() < limit) {
        rows.add(reader.apply(row));
      }
    }
    return new SizedPage<>(List.copyOf(rows), all > rows.size());
  }
}
