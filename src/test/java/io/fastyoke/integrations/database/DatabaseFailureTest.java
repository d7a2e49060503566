package io.fastyoke.integrations.database;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonParseException;
import io.vertx.core.impl.NoStackTraceThrowable;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.ClosedConnectionException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.nio.channels.ClosedChannelException;
import java.sql.SQLException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class DatabaseFailureTest {
  static Stream<Throwable> comingBackHelps() {
    return Stream.of(
        new ConnectException("Connection refused"),
        new SocketException("Connection reset"),
        new IOException("Connection reset by peer"),
        new IOException("Broken pipe"),
        new ClosedChannelException(),
        ClosedConnectionException.INSTANCE,
        new NoStackTraceThrowable("Connection is not active now, current status: CLOSING"),
        new PgException("terminating connection", "FATAL", "57P01", "no detail"),
        new PgException("the database system is shutting down", "FATAL", "57P03", "no detail"),
        new PgException("cannot execute INSERT in a read-only transaction", "ERROR", "25006", ""),
        new PgException("could not read block", "ERROR", "58030", "no detail"),
        new PgException("terminating connection", "FATAL", "25P03", "no detail"),
        new PgException("disk full", "ERROR", "53100", "no detail"),
        new PgException("deadlock detected", "ERROR", "40P01", "no detail"),
        new PgException("could not serialize access", "ERROR", "40001", "no detail"),
        new IllegalStateException(new SQLException("deadlock detected", "40P01")),
        new IllegalStateException(new IOException("Broken pipe")));
  }

  static Stream<Throwable> comingBackDoesNotHelp() {
    return Stream.of(
        new IllegalStateException("a mistake"),
        new JsonParseException(null, "not JSON"),
        new FileNotFoundException("no such file"),
        new IllegalStateException(new SQLException("no such column", "42703")),
        new PgException("no such column", "ERROR", "42703", "no detail"));
  }

  @ParameterizedTest
  @MethodSource("comingBackHelps")
  void aDatabaseThatIsAwayIsAnOutage(Throwable failure) {
    assertThat(DatabaseFailure.isOutage(failure)).isTrue();
  }

  @ParameterizedTest
  @MethodSource("comingBackDoesNotHelp")
  void aMistakeIsNone(Throwable failure) {
    assertThat(DatabaseFailure.isOutage(failure)).isFalse();
  }

  /** One list: what a client may try again is not what the engine gives up after a few times. */
  @ParameterizedTest
  @MethodSource("comingBackHelps")
  void whatPassesIsNoRefusal(Throwable failure) {
    assertThat(DatabaseFailure.isRefusal(failure)).isFalse();
  }

  @ParameterizedTest
  @MethodSource({"comingBackHelps", "comingBackDoesNotHelp"})
  void whatTheServerOrTheServiceIsToBlameForIsNotOfTheData(Throwable failure) {
    assertThat(DatabaseFailure.isOfData(failure)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"22021", "22P05", "23514", "54000"})
  void valuesThatCannotBeStoredAreOfTheData(String state) {
    assertThat(DatabaseFailure.isOfData(new PgException("refused", "ERROR", state, ""))).isTrue();
  }

  @Test
  void aReadOnlyServerIsFoundBehindOtherFailures() {
    assertThat(
            DatabaseFailure.isReadOnly(
                new IllegalStateException(new SQLException("read-only", "25006"))))
        .isTrue();
    assertThat(DatabaseFailure.isReadOnly(new PgException("away", "FATAL", "57P01", ""))).isFalse();
  }
}
