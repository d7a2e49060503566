package io.fastyoke.integrations.database;

import io.fastyoke.integrations.database.url.DatabaseUrl;
import io.fastyoke.integrations.database.url.JdbcUrl;
import java.io.IOException;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.net.ssl.SSLException;

/**
 * Checks, before the service starts, that the database is usable. Waits for a server that is still
 * starting; every other failure stops the start.
 */
final class FirstConnection {
  private static final int MIN_VERSION = 14;
  private static final long RETRY_DELAY_MILLIS = 250;

  private final DatabaseUrl url;
  private final Consumer<String> log;

  /**
   * @param log gets one line if it has to wait
   */
  FirstConnection(DatabaseUrl url, Consumer<String> log) {
    this.url = url;
    this.log = log;
  }

  /**
   * Blocks until the database is usable.
   *
   * @param timeout for a server that is starting, or still read-only
   * @throws StartRefusal with the reason, if it is not usable
   */
  void await(Duration timeout) {
    long deadline = System.nanoTime() + timeout.toNanos();
    boolean logged = false;
    while (true) {
      try {
        check();
        return;
      } catch (SQLException e) {
        String line = StartRefusal.line(e, url);
        if (!isStarting(e) || System.nanoTime() - deadline >= 0) {
          throw new StartRefusal(line);
        }
        if (!logged) {
          log.accept(
              "Waiting up to %d s for the database at %s (%s)."
                  .formatted(timeout.toSeconds(), url.hostList(), StartRefusal.reason(e)));
          logged = true;
        }
        pause();
      }
    }
  }

  /**
   * A connection for the caller to look around with; it closes it.
   *
   * @throws SQLException when there is none
   */
  Connection open() throws SQLException {
    Properties login = new Properties();
    login.setProperty("user", url.user());
    if (url.password() != null) {
      login.setProperty("password", url.password());
    }
    login.setProperty("loginTimeout", "10");
    login.setProperty("socketTimeout", "10");
    // Otherwise even ROLLBACK becomes a named statement, which clashes in a pooler's next session.
    login.setProperty("prepareThreshold", "0");
    return driver().connect(JdbcUrl.of(url), login);
  }

  private void check() throws SQLException {
    try (Connection connection = open();
        Statement statement = connection.createStatement()) {
      refuseOld(
          connection.getMetaData().getDatabaseMajorVersion(),
          connection.getMetaData().getDatabaseProductVersion());
      // A pooler without transactions (pool_mode=statement) fails here, with one clear line.
      connection.setAutoCommit(false);
      try (ResultSet readOnly = statement.executeQuery("SHOW transaction_read_only")) {
        readOnly.next();
        if ("on".equals(readOnly.getString(1))) {
          throw new SQLException("no transaction may write", DatabaseFailure.READ_ONLY);
        }
      }
      connection.rollback();
    }
  }

  /** By name: the compiler warns of annotations that the driver's jar lacks. */
  private static Driver driver() {
    try {
      return Class.forName("org.postgresql.Driver")
          .asSubclass(Driver.class)
          .getDeclaredConstructor()
          .newInstance();
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  void refuseOld(int major, String version) {
    if (major < MIN_VERSION) {
      throw new StartRefusal(
          "The database at %s is PostgreSQL %s, which is too old: upgrade it to %d or newer."
              .formatted(url.hostList(), version, MIN_VERSION));
    }
  }

  private static boolean isStarting(SQLException failure) {
    String state = String.valueOf(failure.getSQLState());
    return DatabaseFailure.isNotUp(state)
        || DatabaseFailure.READ_ONLY.equals(state)
        || (Causes.include(failure, IOException.class)
            && !Causes.include(failure, SSLException.class));
  }

  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(RETRY_DELAY_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StartRefusal("Interrupted while waiting for the database.");
    }
  }
}
