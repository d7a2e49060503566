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

/** Tells what the operator's proxy did from what a host did. */
final class ProxyTrouble {
  private static final Logger LOG = Logger.getLogger(ProxyTrouble.class);
  private static final Pattern STATUS = Pattern.compile("status: ([0-9]{3})");
  private static final long QUIET_NANOS = Duration.ofMinutes(1).toNanos();
  private static final int AUTHENTICATION_REQUIRED = 407;

  /** Netty's, for an answer that is none. */
  private static final int NO_HTTP = 999;

  private final AtomicLong lastSaid = new AtomicLong(System.nanoTime() - QUIET_NANOS);

  /**
   * What to say to the tenant when it was the proxy; the operator reads it in the log, at most once
   * a minute.
   */
  Optional<String> of(Throwable failure, Destination to) {
    if (TlsFailures.isTls(failure)) {
      return Optional.empty();
    }
    int status = status(failure);
    if (status > 0) {
      String hint =
          status == AUTHENTICATION_REQUIRED ? "; check the user and password in its address" : "";
      say("EGRESS_PROXY answered " + status + " to CONNECT for " + to.authority() + hint);
      return Optional.of(
          "The proxy that this service sends through did not let it connect (status "
              + status
              + ").");
    }
    if (isUnreachable(failure)) {
      say("EGRESS_PROXY cannot be reached, or ends connections without an answer");
      return Optional.of("The proxy that this service sends through cannot be reached.");
    }
    return Optional.empty();
  }

  private static int status(Throwable failure) {
    Tunnel.Refused refused = TlsFailures.caused(failure, Tunnel.Refused.class);
    if (refused != null) {
      return refused.status();
    }
    ProxyConnectException said = TlsFailures.caused(failure, ProxyConnectException.class);
    Matcher status = STATUS.matcher(said == null ? "" : String.valueOf(said.getMessage()));
    int number = status.find() ? Integer.parseInt(status.group(1)) : 0;
    return number == NO_HTTP ? 0 : number;
  }

  private static boolean isUnreachable(Throwable failure) {
    return TlsFailures.caused(failure, ConnectException.class) != null
        || TlsFailures.caused(failure, ConnectTimeoutException.class) != null
        || TlsFailures.caused(failure, UnknownHostException.class) != null
        || TlsFailures.caused(failure, ProxyConnectException.class) != null
        || TlsFailures.caused(failure, Tunnel.Refused.class) != null;
  }

  private void say(String what) {
    long now = System.nanoTime();
    long last = lastSaid.get();
    if (now - last >= QUIET_NANOS && lastSaid.compareAndSet(last, now)) {
      LOG.warn(what + ".");
    }
  }
}
