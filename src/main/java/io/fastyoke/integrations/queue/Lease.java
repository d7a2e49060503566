package io.fastyoke.integrations.queue;

import io.fastyoke.integrations.connections.ConnectionSettings;
import java.time.Duration;

/**
 * How long a claimed run belongs to the replica that claimed it: the time-out of the connection
 * that is fired at, and a margin to record the outcome. After that others take the run for
 * interrupted.
 */
public final class Lease {
  /** No lease is shorter. */
  public static final Duration MARGIN = Duration.ofSeconds(15);

  /**
   * SQL: the end of a lease that begins now, for the row of a connection {@code c}, or for none.
   */
  static final String END = endFor("c.timeout_ms");

  private Lease() {}

  /** The length of a lease. */
  static Duration of(ConnectionSettings settings) {
    return MARGIN.plus(settings.timeout());
  }

  /**
   * SQL: the end of a lease that begins now.
   *
   * @param timeout an expression in milliseconds, null for the default
   */
  static String endFor(String timeout) {
    return "now() + make_interval(secs => %d + COALESCE(%s, %d) / 1000.0)"
        .formatted(MARGIN.toSeconds(), timeout, ConnectionSettings.DEFAULTS.timeout().toMillis());
  }

  /** SQL: the end of a lease that begins now, of a run at which nothing is fired any more. */
  static String shortestEnd() {
    return "now() + interval '%d seconds'".formatted(MARGIN.toSeconds());
  }
}
