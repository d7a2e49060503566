package io.fastyoke.integrations.identity;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.Optional;

/**
 * How tokens are verified. {@link #jwksUrl()} or {@link #publicKey()} takes the place of {@link
 * #secret()}; without any of them, or with both of the former, the service does not start.
 */
@ConfigMapping(prefix = "jwt")
interface TokenSettings {
  /**
   * {@code JWT_SECRET}: the host's shared secret for HS256, at least 32 bytes of UTF-8. Without any
   * key the dev and test profiles use {@link TokenKeys#DEVELOPMENT_SECRET}.
   */
  Optional<String> secret();

  /**
   * {@code JWT_JWKS_URL}: absolute http or https URL of a JWK set (RFC 7517) with RSA keys for
   * RS256 and P-256 keys for ES256.
   */
  Optional<String> jwksUrl();

  /**
   * {@code JWT_JWKS_ALLOW_HTTP}: allows plain http for {@link #jwksUrl()} in production, where an
   * attacker on the network could then replace the keys. For loopback addresses http is always
   * allowed.
   */
  @WithDefault("false")
  boolean jwksAllowHttp();

  /**
   * {@code JWT_PUBLIC_KEY}: one PEM public key (SubjectPublicKeyInfo): RSA of at least 2048 bits
   * for RS256, or P-256 for ES256. Line breaks may be written as {@code \n}.
   */
  Optional<String> publicKey();

  /** {@code JWT_ISSUER}: the only accepted {@code iss}; unchecked when not set. */
  Optional<String> issuer();

  /** {@code JWT_AUDIENCE}: must be in {@code aud}; unchecked when not set. */
  Optional<String> audience();
}
