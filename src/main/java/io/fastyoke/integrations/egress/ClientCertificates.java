package io.fastyoke.integrations.egress;

import io.fastyoke.integrations.egress.guard.Destination;
import java.net.Socket;
import java.security.KeyStore;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
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
 * Offers no client certificate, and remembers which hosts asked for one. A host that requires a
 * certificate ends the handshake, or with TLS 1.3 the connection after it (RFC 8446, section
 * 4.4.2.4), often without a telling alert.
 */
final class ClientCertificates extends X509ExtendedKeyManager {
  private static final int MAX_HOSTS = 1_024;

  private final Map<String, Boolean> hosts =
      Collections.synchronizedMap(
          new LinkedHashMap<>() {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
              return size() > MAX_HOSTS;
            }
          });

  /** For the client's options. Vert.x's own factory would register a security provider. */
  KeyManagerFactory factory() {
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
      // there are no keys
    }

    @Override
    protected void engineInit(@Nullable ManagerFactoryParameters parameters) {
      // there are no keys
    }

    @Override
    protected KeyManager[] engineGetKeyManagers() {
      return new KeyManager[] {manager};
    }
  }

  /** Whether a host has asked for a certificate. It does not ask again in a resumed session. */
  boolean askedBy(Destination host) {
    return hosts.containsKey(host.host() + ":" + host.port());
  }

  @Override
  public @Nullable String chooseEngineClientAlias(
      String[] keyTypes, Principal[] issuers, SSLEngine engine) {
    hosts.put(engine.getPeerHost() + ":" + engine.getPeerPort(), true);
    return null;
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
    return null;
  }

  @Override
  public @Nullable PrivateKey getPrivateKey(String alias) {
    return null;
  }
}
