package io.fastyoke.integrations.database;

import io.smallrye.mutiny.TimeoutException;
import io.vertx.core.impl.NoStackTraceThrowable;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.ClosedConnectionException;
import java.io.IOException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.sql.SQLException;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What a failure of the database means for what was asked of it. The one place that knows SQLSTATEs
 * (PostgreSQL, appendix A).
 */
public final class DatabaseFailure {
  /** read_only_sql_transaction: a standby, or a server that was made read-only. */
  static final String READ_ONLY = "25006";

  static final String INVALID_PASSWORD = "28P01";
  static final String INSUFFICIENT_PRIVILEGE = "42501";
  static final String DISK_FULL = "53100";
  static final String TOO_MANY_CONNECTIONS = "53300";

  /** What a pooler answers that cannot do what was asked. */
  static final String PROTOCOL_VIOLATION = "08P01";

  private static final String UNIQUE_VIOLATION = "23505";

  /** admin_shutdown, crash_shutdown and cannot_connect_now. */
  private static final Set<String> NOT_UP = Set.of("57P01", "57P02", "57P03");

  /** serialization_failure and deadlock_detected. */
  private static final Set<String> CONFLICTS = Set.of("40001", "40P01");

  /**
   * Classes that speak of the server's state and not of the statement: connections, conflicts,
   * resources, shutting down or starting up (or a statement that took too long), I/O.
   */
  private static final Set<String> PASSING = Set.of("08", "40", "53", "57", "58");

  /** The last two: idle_in_transaction_session_timeout and transaction_timeout. */
  private static final Set<String> PASSING_STATES = Set.of(READ_ONLY, "25P03", "25P04");

  private static final String ADMIN_SHUTDOWN = "57P01";

  private static final int MAX_DEPTH = 10;

  private DatabaseFailure() {}

  /** Whether the database is away for a while, or cannot write: coming back later can help. */
  public static boolean isOutage(Throwable failure) {
    return anyCause(failure, DatabaseFailure::isOutageItself);
  }

  /** Whether the server can be read from only. */
  public static boolean isReadOnly(Throwable failure) {
    return anyCause(failure, cause -> READ_ONLY.equals(state(cause)));
  }

  /** Whether a row with the same key is there already. */
  public static boolean isDuplicate(Throwable failure) {
    return anyCause(failure, cause -> UNIQUE_VIOLATION.equals(state(cause)));
  }

  /** Whether a server with this SQLSTATE is starting up or shutting down. */
  static boolean isNotUp(@Nullable String state) {
    return state != null && NOT_UP.contains(state);
  }

  /** Whether the database is there, has looked at the statement, and does not take it. */
  public static boolean isRefusal(Throwable failure) {
    return failure instanceof PgException refused && !isPassing(refused.getSqlState());
  }

  /** Whether it was rolled back for the sake of another transaction: it may succeed now. */
  public static boolean isConflict(Throwable failure) {
    return failure instanceof PgException refused && CONFLICTS.contains(refused.getSqlState());
  }

  /** Whether the connection ended, and nothing is known of what was asked on it. */
  public static boolean isLostConnection(Throwable failure) {
    return failure instanceof ClosedConnectionException
        || failure instanceof IOException
        // What the driver says while a connection closes.
        || failure instanceof NoStackTraceThrowable
        || ADMIN_SHUTDOWN.equals(state(failure));
  }

  /** The SQLSTATE that a driver's failure carries, if it is one. */
  static @Nullable String state(Throwable failure) {
    if (failure instanceof PgException refused) {
      return refused.getSqlState();
    }
    // What Hibernate and JDBC make of it.
    return failure instanceof SQLException refused ? refused.getSQLState() : null;
  }

  private static boolean isOutageItself(Throwable cause) {
    return isTransport(cause)
        || cause instanceof ClosedConnectionException
        || cause instanceof TimeoutException
        || isPassing(state(cause));
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

  private static boolean isPassing(@Nullable String state) {
    return state != null
        && (PASSING_STATES.contains(state) || PASSING.stream().anyMatch(state::startsWith));
  }

  private static boolean anyCause(Throwable failure, Predicate<Throwable> test) {
    @Nullable Throwable cause = failure;
    for (int depth = 0; cause != null && depth < MAX_DEPTH; depth++) {
      if (test.test(cause)) {
        return true;
      }
      cause = cause.getCause();
    }
    return false;
  }
}
