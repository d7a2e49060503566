package io.fastyoke.integrations.database;

import io.vertx.pgclient.PgConnectOptions;

/**
 * How a pool notices that the server, or the way to it, has vanished without a word. TCP would wait
 * for a quarter of an hour, and statements that nobody answers would hold their connections, and
 * whoever waits for them, for as long.
 */
final class VanishedServer {
  /**
   * In seconds without a byte from the server. Longer than any statement takes, and short enough to
   * be back within the 10 s that are promised.
   */
  private static final int PATIENCE = 8;

  private VanishedServer() {}

  static PgConnectOptions noticedBy(PgConnectOptions options) {
    options.setReadIdleTimeout(PATIENCE);
    return options;
  }
}
