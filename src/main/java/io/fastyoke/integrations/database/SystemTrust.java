package io.fastyoke.integrations.database;

import io.vertx.core.Vertx;
import io.vertx.core.net.TrustOptions;
import java.util.function.Function;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * The authorities of the Java runtime: TLS asks them where nobody names others, but the driver
 * wants to be told something.
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
