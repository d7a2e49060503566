package io.fastyoke.integrations.runs;

import io.vertx.core.impl.NoStackTraceThrowable;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.ClosedConnectionException;
import java.io.IOException;
import java.util.Set;

/** Failures of the database after which the same transaction may succeed. */
final class Transient {
  /** PostgreSQL, appendix A: serialization_failure and deadlock_detected. */
  private static final Set<String> CONFLICTS = Set.of("40001", "40P01");

  private Transient() {}

  /**
   * Classes of SQLSTATE that speak of the server's state and not of the statement: connections,
   * transactions (a standby is read-only), conflicts, resources, shutting down or starting up, I/O.
   */
  private static final Set<String> PASSING = Set.of("08", "25", "40", "53", "57", "58");

  /** Whether the database is there, has looked at the statement, and does not take it. */
  static boolean isRefusal(Throwable failure) {
    return failure instanceof PgException refused
        && (refused.getSqlState() == null
            || !PASSING.contains(refused.getSqlState().substring(0, 2)));
  }

  static boolean isConflict(Throwable failure) {
    return failure instanceof PgException refused && CONFLICTS.contains(refused.getSqlState());
  }

  static boolean isLostConnection(Throwable failure) {
    return failure instanceof ClosedConnectionException
        || failure instanceof IOException
        // What the driver says while a connection closes.
        || failure instanceof NoStackTraceThrowable
        || (failure instanceof PgException refused && "57P01".equals(refused.getSqlState()));
  }
}
