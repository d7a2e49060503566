package io.fastyoke.integrations.egress.tls;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Certificates and key as JSSE takes them. The key cannot be wiped: it is in memory for as long as
 * this is.
 *
 * @param chain the client certificate first; empty without one
 * @param key belongs to the first certificate; null without one
 * @param authorities whom to trust instead of the platform's; empty for the platform's
 */
public record TlsMaterial(
    List<X509Certificate> chain, @Nullable PrivateKey key, List<X509Certificate> authorities) {
  /** Copies the lists. */
  public TlsMaterial {
    chain = List.copyOf(chain);
    authorities = List.copyOf(authorities);
  }

  /** The JDK's keys print themselves. */
  @Override
  public String toString() {
    return "TlsMaterial";
  }
}
