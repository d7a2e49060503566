package io.fastyoke.integrations.egress;

import io.vertx.core.net.TrustOptions;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What only tests set otherwise.
 *
 * @param connectionsPerHost of one pool; attempts beyond it wait, within their deadline
 * @param connectTimeout for one address, and again for the TLS handshake
 * @param connectionAge a kept-alive connection is closed after it, whatever the host says in {@code
 *     Keep-Alive}
 * @param idleNanos {@link System#nanoTime()}: how long connections have been idle
 * @param trust whom to trust instead of the authorities of the platform
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
