package io.fastyoke.integrations.database;

import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * One page of rows that may be large. It ends with its number of rows, or earlier where those
 * before are {@value #MOST_OCTETS} octets together: a list of the largest rows would otherwise take
 * the memory of all other requests.
 *
 * @param rows at least one, if there is any
 * @param more whether others follow
 */
public record SizedPage<T>(List<T> rows, boolean more) {
  static final int MOST_OCTETS = 2 * 1024 * 1024;

  private static final String SQL =
      """
      SELECT * FROM (
        SELECT p.*, count(*) OVER () AS found, sum(%2$s) OVER (ORDER BY p.id DESC) - (%2$s) AS earlier
        FROM (%1$s) p) page
      WHERE earlier < %3$d ORDER BY id DESC
      """;

  /**
   * The statement for a page, the highest ids first.
   *
   * @param select ends in the LIMIT of one row more than the page may have
   * @param octets what a row {@code p} of it counts for; never null
   */
  public static String of(String select, String octets) {
    return SQL.formatted(select, octets, MOST_OCTETS);
  }

  /**
   * Reads the rows of such a statement.
   *
   * @param limit rows that the page may have
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
