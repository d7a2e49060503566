package io.fastyoke.integrations.egress;

import io.vertx.core.net.TrustOptions;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Limits of the HTTP client. Only tests use other values than {@link #STANDARD}.
 *
 * @param connectionsPerHost in one pool; further attempts wait, within their deadline
 * @param connectTimeout for one address, and again for the TLS handshake
 * @param connectionAge after which a kept-alive connection is closed, whatever the host's {@code
 *     Keep-Alive} header allows
 * @param idleNanos clock that measures how long connections are idle, {@link System#nanoTime()}
 * @param trust certificate authorities to use instead of the platform's
 */
record ClientTuning(
    int connectionsPerHost,
    Duration connectTimeout,
    Duration connectionAge,
    LongSupplier idleNanos,
    @Nullable TrustOptions trust) {
  static final ClientTuning STANDARD =
      new ClientTuning(4_096, Duration.ofSeconds(5), Duration.ofSeconds(60), null);

  ClientTuning(
      int connectionsPerHost,
      Duration connectTimeout,
      Duration connectionAge,
      @Nullable TrustOptions trust) {
    this(connectionsPerHost, connectTimeout, connectionAge, System::nanoTime, trust);
  }
}
