package io.fastyoke.integrations.database;

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
 * Finds out, before anything is started, whether there is a database that the service can use.
 * Waits only for what is not up yet.
 */
final class FirstConnection {
  private static final int OLDEST = 14;
  private static final long BETWEEN_TRIES = 250;

  private final DatabaseUrl url;
  private final Consumer<String> tell;

  /**
   * @param tell is given one line when it has to wait
   */
  FirstConnection(DatabaseUrl url, Consumer<String> tell) {
    this.url = url;
    this.tell = tell;
  }

  /**
   * Blocks until the database can be used.
   *
   * @param patience how long to wait for a server that is not up, or still read-only
   * @throws StartRefusal with the reason, when it cannot be used
   */
  void await(Duration patience) {
    long deadline = System.nanoTime() + patience.toNanos();
    boolean told = false;
    while (true) {
      try {
        look();
        return;
      } catch (SQLException e) {
        String line = StartRefusal.line(e, url);
        if (!isNotUp(e) || System.nanoTime() - deadline >= 0) {
          throw new StartRefusal(line);
        }
        if (!told) {
          tell.accept(
              "Waiting up to %d s for the database at %s (%s)."
                  .formatted(patience.toSeconds(), url.places(), StartRefusal.reason(e)));
          told = true;
        }
        pause();
      }
    }
  }

  private void look() throws SQLException {
    Properties login = new Properties();
    login.setProperty("user", url.user());
    if (url.password() != null) {
      login.setProperty("password", url.password());
    }
    login.setProperty("loginTimeout", "10");
    login.setProperty("socketTimeout", "10");
    // The driver would name even its ROLLBACK, and leave the name to the next session of a pooler.
    login.setProperty("prepareThreshold", "0");
    try (Connection connection = driver().connect(JdbcUrl.of(url), login);
        Statement statement = connection.createStatement()) {
      refuseOld(
          connection.getMetaData().getDatabaseMajorVersion(),
          connection.getMetaData().getDatabaseProductVersion());
      // A pooler that lets no transaction through (pool_mode=statement) says so here, in one line.
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

  /** By its name: the compiler warns of annotations that the driver's classes come without. */
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
    if (major < OLDEST) {
      throw new StartRefusal(
          "The database at %s is PostgreSQL %s, which is too old: upgrade it to %d or newer."
              .formatted(url.places(), version, OLDEST));
    }
  }

  private static boolean isNotUp(SQLException failure) {
    String state = String.valueOf(failure.getSQLState());
    return DatabaseFailure.isNotUp(state)
        || DatabaseFailure.READ_ONLY.equals(state)
        || (StartRefusal.cause(failure, IOException.class) != null
            && StartRefusal.cause(failure, SSLException.class) == null);
  }

  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(BETWEEN_TRIES);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StartRefusal("Interrupted while waiting for the database.");
    }
  }
}
