package io.fastyoke.integrations.egress;

import io.fastyoke.integrations.egress.Exchange.Broken;
import io.fastyoke.integrations.egress.Exchange.Broken.Fault;
import io.fastyoke.integrations.egress.Exchange.NotSent;
import io.fastyoke.integrations.egress.guard.GuardDecision;
import io.fastyoke.integrations.egress.tls.ClientCertificates.Request;
import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.codec.PrematureChannelClosureException;
import io.vertx.core.http.HttpClosedException;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeoutException;

/**
 * Turns failures into messages for customers. The exceptions' own messages would quote addresses
 * and what the other host wrote.
 */
final class Failures {
  private static final String LATE = "No connection was made in time.";
  private static final String REFUSED = "The connection was refused.";
  private static final String OTHER = "No connection could be made.";
  private static final Set<String> KNOWN =
      Set.of(LATE, REFUSED, OTHER, GuardDecision.BLOCKED_MESSAGE);

  private Failures() {}

  /** Whether a message says how connecting failed, and so quotes nothing. */
  static boolean isKnown(String message) {
    return KNOWN.contains(message) || message.startsWith(TlsFailures.PREFIX);
  }

  /**
   * Why no connection was made: a TLS failure if there is one, otherwise the first failure.
   *
   * @param failures one for each address that was tried; not empty
   * @param requested what the host asked for
   */
  static NotSent notConnected(List<Throwable> failures, Request requested, Duration elapsed) {
    Throwable cause =
        failures.stream().filter(TlsFailures::isTls).findFirst().orElseGet(() -> failures.get(0));
    String certificate = TlsFailures.clientCertificate(cause, requested);
    return certificate == null
        ? new NotSent(NotSent.Cause.UNREACHABLE, connecting(cause), elapsed)
        : new NotSent(NotSent.Cause.CLIENT_CERTIFICATE, certificate, elapsed);
  }

  private static String connecting(Throwable failure) {
    if (TlsFailures.isTls(failure)) {
      return TlsFailures.message(failure);
    }
    if (hasCause(failure, ConnectTimeoutException.class)
        || hasCause(failure, TimeoutException.class)) {
      return LATE;
    }
    return hasCause(failure, ConnectException.class) ? REFUSED : OTHER;
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
   * @param requested what the host had asked for on a new connection, which is then the likely
   *     reason
   */
  static Broken broken(Fault fault, AttemptDeadline deadline, Request requested) {
    String note = TlsFailures.note(requested);
    String hint = note == null ? "" : " " + note;
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
