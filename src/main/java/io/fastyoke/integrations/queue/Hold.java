package io.fastyoke.integrations.queue;

import io.fastyoke.integrations.connections.ConnectionSettings;

/**
 * SQL about connections that hold what is fired at them while they are paused. Such runs wait at
 * the gate of the connection, as they wait for its limits, and {@link RateLimitedClaims} lets them
 * start once it is resumed: no claim meets them before.
 */
final class Hold {
  /** Whether a connection {@code c} is paused and holds; null when there is none. */
  static final String HOLDS = holds("c");

  private Hold() {}

  /** The same for another name of the connection. */
  static String holds(String connection) {
    return "(%1$s.status <> 'active' AND %1$s.when_paused = 'hold')".formatted(connection);
  }

  /**
   * When a run has waited for long enough: counted from when it was accepted, or from the last
   * change of the connection {@code c}, of which the pause is one, if that is later.
   *
   * @param createdAt when the run was accepted, an expression
   */
  static String end(String createdAt) {
    return "(GREATEST(%s, c.updated_at) + make_interval(hours => COALESCE(c.hold_hours, %d)))"
        .formatted(createdAt, ConnectionSettings.DEFAULT_HOLD_HOURS);
  }
}
