package io.fastyoke.integrations.egress;

import io.fastyoke.integrations.egress.guard.Destination;
import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.proxy.ProxyConnectException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jboss.logging.Logger;

/** Distinguishes failures of the operator's proxy from failures of a host. */
final class ProxyFailures {
  private static final Logger LOG = Logger.getLogger(ProxyFailures.class);
  private static final Pattern STATUS = Pattern.compile("status: ([0-9]{3})");
  private static final long LOG_INTERVAL_NANOS = Duration.ofMinutes(1).toNanos();
  private static final int AUTHENTICATION_REQUIRED = 407;

  /** Netty's status for an answer that is not HTTP. */
  private static final int NOT_HTTP = 999;

  private final AtomicLong lastLogged = new AtomicLong(System.nanoTime() - LOG_INTERVAL_NANOS);

  /**
   * The message for the tenant if the proxy failed. Logs a warning for the operator, too, at most
   * once a minute.
   */
  Optional<String> message(Throwable failure, Destination to) {
    if (TlsFailures.isTls(failure)) {
      return Optional.empty();
    }
    int status = status(failure);
    if (status > 0) {
      String hint =
          status == AUTHENTICATION_REQUIRED ? "; check the user and password in its address" : "";
      warn("EGRESS_PROXY answered " + status + " to CONNECT for " + to.authority() + hint);
      return Optional.of(
          "The proxy that this service sends through did not let it connect (status "
              + status
              + ").");
    }
    if (isUnreachable(failure)) {
      warn("EGRESS_PROXY cannot be reached, or ends connections without an answer");
      return Optional.of("The proxy that this service sends through cannot be reached.");
    }
    return Optional.empty();
  }

  private static int status(Throwable failure) {
    Tunnel.TunnelRefused refused = TlsFailures.cause(failure, Tunnel.TunnelRefused.class);
    if (refused != null) {
      return refused.status();
    }
    ProxyConnectException refusal = TlsFailures.cause(failure, ProxyConnectException.class);
    Matcher status = STATUS.matcher(refusal == null ? "" : String.valueOf(refusal.getMessage()));
    int number = status.find() ? Integer.parseInt(status.group(1)) : 0;
    return number == NOT_HTTP ? 0 : number;
  }

  private static boolean isUnreachable(Throwable failure) {
    return TlsFailures.cause(failure, ConnectException.class) != null
        || TlsFailures.cause(failure, ConnectTimeoutException.class) != null
        || TlsFailures.cause(failure, UnknownHostException.class) != null
        || TlsFailures.cause(failure, ProxyConnectException.class) != null
        || TlsFailures.cause(failure, Tunnel.TunnelRefused.class) != null;
  }

  private void warn(String message) {
    long now = System.nanoTime();
    long last = lastLogged.get();
    if (now - last >= LOG_INTERVAL_NANOS && lastLogged.compareAndSet(last, now)) {
      LOG.warn(message + ".");
    }
  }
}
