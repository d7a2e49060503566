package io.fastyoke.integrations.database.transport;

import io.vertx.core.Vertx;
import io.vertx.core.net.TrustOptions;
import java.util.function.Function;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * Trusts the certificate authorities of the Java runtime. TLS does so by default, but the driver
 * refuses verifying modes without explicit trust options.
 */
final class SystemTrust implements TrustOptions {
  @Override
  public TrustOptions copy() {
    return this;
  }

  @Override
  public @Nullable TrustManagerFactory getTrustManagerFactory(Vertx vertx) {
    return null;
  }

  @Override
  public Function<String, TrustManager @Nullable []> trustManagerMapper(Vertx vertx) {
    return name -> null;
  }
}
