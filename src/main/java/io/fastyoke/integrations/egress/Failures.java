package io.fastyoke.integrations.egress;

import io.fastyoke.integrations.egress.Exchange.Broken;
import io.fastyoke.integrations.egress.Exchange.Broken.Fault;
import io.fastyoke.integrations.egress.Exchange.NotSent;
import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.codec.PrematureChannelClosureException;
import io.vertx.core.http.HttpClosedException;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;

/**
 * Turns failures into messages for customers. The exceptions' own messages would quote addresses
 * and what the other host wrote.
 */
final class Failures {
  private Failures() {}

  /**
   * Why no connection was made: a TLS failure if there is one, otherwise the first failure.
   *
   * @param failures one for each address that was tried; not empty
   * @param asked whether the host asked for a client certificate
   */
  static NotSent notConnected(List<Throwable> failures, boolean asked, Duration elapsed) {
    Throwable cause =
        failures.stream().filter(TlsFailures::isTls).findFirst().orElseGet(() -> failures.get(0));
    return TlsFailures.wantsClientCertificate(cause, asked)
        ? new NotSent(NotSent.Cause.CLIENT_CERTIFICATE, TlsFailures.CLIENT_CERTIFICATE, elapsed)
        : new NotSent(NotSent.Cause.UNREACHABLE, connecting(cause), elapsed);
  }

  private static String connecting(Throwable failure) {
    if (TlsFailures.isTls(failure)) {
      return TlsFailures.message(failure);
    }
    if (hasCause(failure, ConnectTimeoutException.class)
        || hasCause(failure, TimeoutException.class)) {
      return "No connection was made in time.";
    }
    return hasCause(failure, ConnectException.class)
        ? "The connection was refused."
        : "No connection could be made.";
  }

  /** Classifies the failure of an exchange whose request was being written. */
  static Fault exchanging(Throwable failure) {
    boolean ended =
        failure instanceof HttpClosedException
            || failure instanceof IOException
            || failure instanceof PrematureChannelClosureException;
    return ended ? Fault.CONNECTION_LOST : Fault.PROTOCOL_ERROR;
  }

  /**
   * An exchange that ended without a status.
   *
   * @param askedForCertificate whether the host had asked for a client certificate on a new
   *     connection, which is then the likely reason
   */
  static Broken broken(Fault fault, AttemptDeadline deadline, boolean askedForCertificate) {
    String hint =
        askedForCertificate
            ? " The host had asked for a client certificate, and the connection has none."
            : "";
    String message =
        switch (fault) {
          case TIMEOUT -> "There was no answer within " + deadline.total().toMillis() + " ms.";
          case CONNECTION_LOST -> "The connection ended before there was an answer." + hint;
          case PROTOCOL_ERROR -> "The answer is not HTTP as it is accepted here.";
        };
    return new Broken(fault, message, deadline.elapsed());
  }

  private static boolean hasCause(Throwable failure, Class<? extends Throwable> type) {
    return TlsFailures.cause(failure, type) != null;
  }
}
