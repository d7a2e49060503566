package io.fastyoke.integrations.egress;

import io.fastyoke.integrations.egress.Exchange.Broken.Fault;
import io.fastyoke.integrations.egress.Exchange.NotSent;
import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.codec.PrematureChannelClosureException;
import io.vertx.core.http.HttpClosedException;
import java.io.IOException;
import java.net.ConnectException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Puts exceptions into words: their own would quote addresses and what the other host wrote. */
final class Failures {
  private static final int DEEPEST = 10;

  private Failures() {}

  /** What the addresses of a host failed of: the failure that says most. */
  static NotSent notConnected(List<Throwable> failures, Duration elapsed) {
    Throwable telling =
        failures.stream().filter(Failures::isTls).findFirst().orElseGet(() -> failures.get(0));
    return new NotSent(NotSent.Cause.UNREACHABLE, connecting(telling), elapsed);
  }

  private static String connecting(Throwable failure) {
    if (caused(failure, CertificateException.class)
        || caused(failure, CertPathValidatorException.class)) {
      return "TLS: the certificate is not valid for this host.";
    }
    if (isTls(failure)) {
      return "TLS: the handshake failed.";
    }
    if (caused(failure, ConnectTimeoutException.class) || caused(failure, TimeoutException.class)) {
      return "No connection was made in time.";
    }
    return caused(failure, ConnectException.class)
        ? "The connection was refused."
        : "No connection could be made.";
  }

  /** Whether the host was there, but TLS with it failed. */
  static boolean isTls(Throwable failure) {
    return caused(failure, SSLException.class);
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
    @Nullable Throwable cause = failure;
    for (int depth = 0; cause != null && depth < DEEPEST; depth++) {
      if (type.isInstance(cause)) {
        return true;
      }
      cause = cause.getCause();
    }
    return false;
  }
}
