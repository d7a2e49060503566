package io.fastyoke.integrations.egress.tls;

import io.vertx.core.Vertx;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.TrustOptions;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.function.Function;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * Options of an HTTP client with certificates of its own. They are read when the client makes its
 * first TLS connection, which it prepares on a worker thread, and then kept.
 */
public final class LoadedTls {
  private final ClientTls.Source source;
  private final @Nullable TrustOptions otherwise;
  private final ClientCertificates certificates = new ClientCertificates();
  private @Nullable TlsMaterial material;
  private volatile boolean failed;

  /**
   * @param otherwise whom to trust when there are no authorities of one's own; null for the
   *     platform's
   */
  public LoadedTls(ClientTls.Source source, @Nullable TrustOptions otherwise) {
    this.source = source;
    this.otherwise = otherwise;
  }

  /** What hosts asked for. */
  public ClientCertificates certificates() {
    return certificates;
  }

  /** Whether certificates or key could not be read; they never can then. */
  public boolean hasFailed() {
    return failed;
  }

  /** Which certificate to send. */
  public KeyCertOptions keys() {
    return new Keys();
  }

  /** Whom to trust. */
  public TrustOptions trust() {
    return new Trust();
  }

  private synchronized TlsMaterial material() throws GeneralSecurityException {
    if (failed) {
      throw new GeneralSecurityException("certificates that could not be read");
    }
    if (material == null) {
      try {
        material = source.load();
      } catch (GeneralSecurityException | RuntimeException e) {
        failed = true;
        throw e;
      }
    }
    return material;
  }

  private static TrustManagerFactory trusting(List<X509Certificate> authorities)
      throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    for (X509Certificate authority : authorities) {
      store.setCertificateEntry("ca-" + store.size(), authority);
    }
    return initialized(store);
  }

  private static TrustManagerFactory initialized(@Nullable KeyStore store)
      throws GeneralSecurityException {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return factory;
  }

  private final class Keys implements KeyCertOptions {
    @Override
    public KeyCertOptions copy() {
      return this;
    }

    @Override
    public KeyManagerFactory getKeyManagerFactory(Vertx vertx) throws GeneralSecurityException {
      certificates.use(material());
      return certificates.factory();
    }

    @Override
    public @Nullable Function<String, KeyManagerFactory> keyManagerFactoryMapper(Vertx vertx) {
      return null;
    }
  }

  private final class Trust implements TrustOptions {
    @Override
    public TrustOptions copy() {
      return this;
    }

    @Override
    public TrustManagerFactory getTrustManagerFactory(Vertx vertx) throws Exception {
      List<X509Certificate> authorities = material().authorities();
      if (!authorities.isEmpty()) {
        return trusting(authorities);
      }
      return otherwise == null ? initialized(null) : otherwise.getTrustManagerFactory(vertx);
    }

    @Override
    public @Nullable Function<String, TrustManager[]> trustManagerMapper(Vertx vertx) {
      return null;
    }
  }
}
