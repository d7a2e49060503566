package io.fastyoke.integrations.egress;

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

/** Puts exceptions into words: their own would quote addresses and what the other host wrote. */
final class Failures {
  private Failures() {}

  /**
   * What the addresses of a host failed of: the failure that says most.
   *
   * @param asked whether the host asked for a client certificate
   */
  static NotSent notConnected(List<Throwable> failures, boolean asked, Duration elapsed) {
    Throwable telling =
        failures.stream().filter(TlsFailures::isTls).findFirst().orElseGet(() -> failures.get(0));
    return TlsFailures.wantsClientCertificate(telling, asked)
        ? new NotSent(NotSent.Cause.CLIENT_CERTIFICATE, TlsFailures.CLIENT_CERTIFICATE, elapsed)
        : new NotSent(NotSent.Cause.UNREACHABLE, connecting(telling), elapsed);
  }

  private static String connecting(Throwable failure) {
    if (TlsFailures.isTls(failure)) {
      return TlsFailures.words(failure);
    }
    if (caused(failure, ConnectTimeoutException.class) || caused(failure, TimeoutException.class)) {
      return "No connection was made in time.";
    }
    return caused(failure, ConnectException.class)
        ? "The connection was refused."
        : "No connection could be made.";
  }

  /** What became of an exchange that had begun. */
  static Fault exchanging(Throwable failure) {
    boolean ended =
        failure instanceof HttpClosedException
            || failure instanceof IOException
            || failure instanceof PrematureChannelClosureException;
    return ended ? Fault.CONNECTION_LOST : Fault.PROTOCOL_ERROR;
  }

  private static boolean caused(Throwable failure, Class<? extends Throwable> type) {
    return TlsFailures.caused(failure, type) != null;
  }
}
