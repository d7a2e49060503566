package io.fastyoke.integrations.egress.tls;

import java.net.Socket;
import java.security.KeyStore;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.KeyManagerFactorySpi;
import javax.net.ssl.ManagerFactoryParameters;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * Offers the client certificate of one connection, or none, and remembers which hosts asked for
 * one. A host that requires another certificate ends the handshake, or with TLS 1.3 the connection
 * after it (RFC 8446, section 4.4.2.4), often without a telling alert.
 *
 * <p>The certificate is sent whatever authorities the host names, as OpenSSL does: hosts commonly
 * name only some of those that they accept.
 */
public final class ClientCertificates extends X509ExtendedKeyManager {
  private static final String ALIAS = "client";
  private static final int MAX_HOSTS = 1_024;

  /** What became of a host's request for a certificate. */
  public enum Request {
    /** It made none. */
    NONE,
    /** The connection has no certificate. */
    WITHOUT,
    /** The host takes no certificate with this kind of key. */
    UNFIT,
    /** The certificate was sent. */
    SENT
  }

  private final Map<String, Request> hosts =
      Collections.synchronizedMap(
          new LinkedHashMap<>() {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Request> eldest) {
              return size() > MAX_HOSTS;
            }
          });

  private volatile @Nullable TlsMaterial own;

  /** With a certificate from now on. */
  void use(TlsMaterial material) {
    own = material;
  }

  /** For the client's options. Vert.x's own factory would register a security provider. */
  public KeyManagerFactory factory() {
    return new Factory(this);
  }

  private static final class Factory extends KeyManagerFactory {
    private Factory(KeyManager manager) {
      super(new Spi(manager), null, "client certificates");
    }
  }

  private static final class Spi extends KeyManagerFactorySpi {
    private final KeyManager manager;

    private Spi(KeyManager manager) {
      this.manager = manager;
    }

    @Override
    protected void engineInit(@Nullable KeyStore keys, char @Nullable [] password) {
      // the keys are there
    }

    @Override
    protected void engineInit(@Nullable ManagerFactoryParameters parameters) {
      // the keys are there
    }

    @Override
    protected KeyManager[] engineGetKeyManagers() {
      return new KeyManager[] {manager};
    }
  }

  /** What a host asked for when it last did. It does not ask again in a resumed session. */
  public Request requestOf(String host, int port) {
    return hosts.getOrDefault(host + ":" + port, Request.NONE);
  }

  @Override
  public @Nullable String chooseEngineClientAlias(
      String[] keyTypes, Principal[] issuers, SSLEngine engine) {
    Request request = answerTo(keyTypes);
    hosts.put(engine.getPeerHost() + ":" + engine.getPeerPort(), request);
    return request == Request.SENT ? ALIAS : null;
  }

  private Request answerTo(String[] keyTypes) {
    PrivateKey key = privateKey();
    if (key == null) {
      return Request.WITHOUT;
    }
    return Arrays.asList(keyTypes).contains(key.getAlgorithm()) ? Request.SENT : Request.UNFIT;
  }

  private @Nullable PrivateKey privateKey() {
    TlsMaterial material = own;
    return material == null ? null : material.key();
  }

  @Override
  public @Nullable String chooseClientAlias(String[] keyTypes, Principal[] issuers, Socket socket) {
    return null;
  }

  @Override
  public @Nullable String chooseServerAlias(String keyType, Principal[] issuers, Socket socket) {
    return null;
  }

  @Override
  public String @Nullable [] getClientAliases(String keyType, Principal[] issuers) {
    return null;
  }

  @Override
  public String @Nullable [] getServerAliases(String keyType, Principal[] issuers) {
    return null;
  }

  @Override
  public X509Certificate @Nullable [] getCertificateChain(String alias) {
    TlsMaterial material = own;
    return material == null ? null : material.chain().toArray(X509Certificate[]::new);
  }

  @Override
  public @Nullable PrivateKey getPrivateKey(String alias) {
    return privateKey();
  }
}
