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
 * Classifies failures of the database. The only place that knows SQLSTATEs (PostgreSQL, appendix
 * A).
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
   * SQLSTATE classes that concern the server, not the statement: connections, conflicts, resources,
   * operator intervention (shutdown, start-up, statement time-out), I/O.
   */
  private static final Set<String> TRANSIENT_CLASSES = Set.of("08", "40", "53", "57", "58");

  /** The last two: idle_in_transaction_session_timeout and transaction_timeout. */
  private static final Set<String> TRANSIENT_STATES = Set.of(READ_ONLY, "25P03", "25P04");

  /** Data exceptions, broken constraints, and limits of the program such as an index row's size. */
  private static final Set<String> DATA_CLASSES = Set.of("22", "23", "54");

  private static final String ADMIN_SHUTDOWN = "57P01";

  private DatabaseFailure() {}

  /** Whether the database is unavailable or read-only for the moment: a retry may succeed. */
  public static boolean isOutage(Throwable failure) {
    return anyCause(failure, DatabaseFailure::isOutageItself);
  }

  /** Whether the server is read-only. */
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

  /** Whether the database refused the statement itself: a retry fails again. */
  public static boolean isRefusal(Throwable failure) {
    return failure instanceof PgException refused && !isTransient(refused.getSqlState());
  }

  /**
   * Whether the values of the statement are what was refused. Nothing about the server, its state
   * or its grants: those change.
   */
  public static boolean isOfData(Throwable failure) {
    String state = state(failure);
    return state != null && DATA_CLASSES.stream().anyMatch(state::startsWith);
  }

  /** Whether a conflict with another transaction rolled it back: a retry may succeed. */
  public static boolean isConflict(Throwable failure) {
    return failure instanceof PgException refused && CONFLICTS.contains(refused.getSqlState());
  }

  /** Whether the connection ended, so that the outcome of its statements is unknown. */
  public static boolean isLostConnection(Throwable failure) {
    return failure instanceof ClosedConnectionException
        || failure instanceof IOException
        // The driver's failure while a connection closes.
        || failure instanceof NoStackTraceThrowable
        || ADMIN_SHUTDOWN.equals(state(failure));
  }

  /** The SQLSTATE of a driver's failure; null for other failures. */
  static @Nullable String state(Throwable failure) {
    if (failure instanceof PgException refused) {
      return refused.getSqlState();
    }
    // Hibernate and JDBC wrap it in their own.
    return failure instanceof SQLException refused ? refused.getSQLState() : null;
  }

  private static boolean isOutageItself(Throwable cause) {
    return isTransport(cause)
        || cause instanceof ClosedConnectionException
        || cause instanceof TimeoutException
        || isTransient(state(cause));
  }

  /**
   * Whether a connection could not be made, or was lost during a statement. For the latter, NIO
   * throws a bare IOException ("Connection reset by peer", "Broken pipe"), and the driver a bare
   * NoStackTraceThrowable.
   */
  private static boolean isTransport(Throwable cause) {
    return cause instanceof SocketException
        || cause instanceof UnknownHostException
        || cause instanceof ClosedChannelException
        || cause instanceof NoStackTraceThrowable
        || cause.getClass() == IOException.class;
  }

  private static boolean isTransient(@Nullable String state) {
    return state != null
        && (TRANSIENT_STATES.contains(state)
            || TRANSIENT_CLASSES.stream().anyMatch(state::startsWith));
  }

  private static boolean anyCause(Throwable failure, Predicate<Throwable> test) {
    return Causes.of(failure).stream().anyMatch(test);
  }
}
