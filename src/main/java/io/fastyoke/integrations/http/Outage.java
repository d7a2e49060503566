package io.fastyoke.integrations.http;

import io.smallrye.mutiny.TimeoutException;
import io.vertx.core.impl.NoStackTraceThrowable;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.ClosedConnectionException;
import java.io.IOException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * Tells a database that is away for a while, or has others to serve first, from a fault of ours.
 */
final class Outage {
  private static final int MAX_DEPTH = 10;

  private Outage() {}

  /** Whether coming back later can help. */
  static boolean isCauseOf(Throwable failure) {
    @Nullable Throwable cause = failure;
    for (int depth = 0; cause != null && depth < MAX_DEPTH; depth++) {
      if (isOutage(cause)) {
        return true;
      }
      cause = cause.getCause();
    }
    return false;
  }

  private static boolean isOutage(Throwable cause) {
    return isTransport(cause)
        || cause instanceof ClosedConnectionException
        || cause instanceof TimeoutException
        || (cause instanceof PgException refused && isOutage(refused.getSqlState()))
        // What Hibernate makes of it.
        || (cause instanceof SQLException refused && isOutage(refused.getSQLState()));
  }

  /**
   * A connection that could not be made, or was lost in the middle of a statement. NIO says the
   * latter with a bare IOException ("Connection reset by peer", "Broken pipe"), and the driver,
   * while a connection closes, with a bare NoStackTraceThrowable.
   */
  private static boolean isTransport(Throwable cause) {
    return cause instanceof SocketException
        || cause instanceof UnknownHostException
        || cause instanceof ClosedChannelException
        || cause instanceof NoStackTraceThrowable
        || cause.getClass() == IOException.class;
  }

  /**
   * Classes 08 (connection), 40 (conflict with another transaction), 53 (resources) and 57
   * (intervention): PostgreSQL, appendix A.
   */
  private static boolean isOutage(@Nullable String state) {
    return state != null
        && (state.startsWith("08")
            || state.startsWith("40")
            || state.startsWith("53")
            || state.startsWith("57"));
  }
}
