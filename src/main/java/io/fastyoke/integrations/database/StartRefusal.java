package io.fastyoke.integrations.database;

import io.fastyoke.integrations.database.url.DatabaseUrl;
import java.io.IOException;
import java.net.UnknownHostException;
import java.sql.SQLException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * The database stops the start. The message is one line for the operator: what is wrong and what to
 * do. docs/operations.md has a row for each.
 */
public final class StartRefusal extends RuntimeException {
  private static final long serialVersionUID = 1L;

  StartRefusal(String line) {
    super(line);
  }

  /** The line for a failure of a driver; null for other failures. */
  public static @Nullable String line(Throwable failure) {
    for (Throwable cause : Causes.of(failure)) {
      if (cause instanceof StartRefusal known) {
        return known.getMessage();
      }
      String state = DatabaseFailure.state(cause);
      if (state != null) {
        return of(state, cause);
      }
    }
    return null;
  }

  /** The line for a failure of the first connection. */
  static String line(SQLException failure, DatabaseUrl url) {
    String state = String.valueOf(failure.getSQLState());
    String where = " at " + url.hostList();
    if (url.bound() && String.valueOf(failure.getMessage()).startsWith("Channel binding")) {
      return "The database%s does not bind the login to TLS, which channel_binding=require in DATABASE_URL asks for (%s): give the login a SCRAM password, or leave the parameter out."
          .formatted(where, state);
    }
    if (Causes.include(failure, SSLException.class)
        || String.valueOf(failure.getMessage()).matches("(?s).*(SSL|hostnameverifier).*")) {
      return "TLS with the database%s failed (%s): look at sslmode and sslrootcert in DATABASE_URL."
          .formatted(where, first(Causes.root(failure)));
    }
    if (state.startsWith("28P")) {
      return "The database%s refuses the password of user %s (%s): correct DATABASE_URL; in it, write special characters as %%XX."
          .formatted(where, url.user(), state);
    }
    if (state.startsWith("28")) {
      return "The database%s does not let user %s in (%s, %s): look at its pg_hba.conf, and at sslmode in DATABASE_URL."
          .formatted(where, url.user(), state, first(failure));
    }
    if (state.equals("3D000")) {
      return "The database server%s has no database %s (%s): CREATE DATABASE it, or correct DATABASE_URL."
          .formatted(where, url.database(), state);
    }
    if (Causes.include(failure, IOException.class)) {
      return "There is no way to the database%s (%s): start it, or correct host and port in DATABASE_URL."
          .formatted(where, reason(failure));
    }
    return of(state, failure);
  }

  private static String of(String state, Throwable failure) {
    String detail = "(%s, %s)".formatted(state, first(failure));
    return switch (state) {
      case DatabaseFailure.READ_ONLY ->
          "The database is read-only %s: name the primary in DATABASE_URL, or all servers with target_session_attrs=read-write."
              .formatted(detail);
      case DatabaseFailure.INVALID_PASSWORD ->
          "The database refuses the password %s: correct DATABASE_URL.".formatted(detail);
      case DatabaseFailure.INSUFFICIENT_PRIVILEGE ->
          "The login of DATABASE_URL lacks a right %s: let it own the database (ALTER DATABASE … OWNER TO …), see docs/operations.md."
              .formatted(detail);
      case DatabaseFailure.DISK_FULL ->
          "The database's disk is full %s: make room, and start again.".formatted(detail);
      case DatabaseFailure.TOO_MANY_CONNECTIONS ->
          "The database has no connection left %s: raise max_connections, or lower DATABASE_POOL_SIZE and DATABASE_ENGINE_POOL_SIZE."
              .formatted(detail);
      case DatabaseFailure.PROTOCOL_VIOLATION ->
          "The pooler in front of the database cannot be used %s: have it pool transactions or sessions, or name the database itself in DATABASE_URL."
              .formatted(detail);
      default ->
          DatabaseFailure.isOutage(failure)
              ? "The database is not available %s: start the service again when it is."
                  .formatted(detail)
              : "The database refuses what the service needs %s: see docs/operations.md."
                  .formatted(detail);
    };
  }

  /** The first line; drivers add details and hints in further lines. */
  private static String first(Throwable failure) {
    String message = failure.getMessage();
    return message == null
        ? failure.getClass().getSimpleName()
        : message
            .lines()
            .findFirst()
            .orElse("")
            .replaceFirst("^(FATAL|ERROR): ", "")
            .replaceFirst(" \\([0-9A-Z]{5}\\)$", "")
            .strip();
  }

  /** Why there is no connection, in short. */
  static String reason(SQLException failure) {
    Throwable root = Causes.root(failure);
    return root instanceof UnknownHostException
        ? "unknown host"
        : first(root).replaceFirst("^no transaction", "read-only: no transaction");
  }
}
