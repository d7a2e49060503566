package io.fastyoke.integrations.identity;

import io.quarkus.runtime.configuration.ConfigurationException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.security.Key;
import java.util.Objects;
import java.util.function.Function;
import org.jboss.logging.Logger;
import org.jose4j.keys.HmacKey;

/**
 * Chooses the keys for verification from the settings; ambiguous or weak settings refuse the start.
 */
final class TokenKeys {
  /** Lets the dev and test profiles run without settings. Public, therefore refused elsewhere. */
  static final String DEVELOPMENT_SECRET = "fastyoke-development-secret-never-in-production";

  private static final Logger LOG = Logger.getLogger(TokenKeys.class);
  private static final int MIN_SECRET_BYTES = 32;
  private static final int MIN_DIFFERENT = 5;

  private TokenKeys() {}

  /**
   * The key source of these settings: the key set or the public key if one is configured, else the
   * shared secret; never asymmetric keys and the secret together.
   *
   * @param development whether the dev or test profile is active
   * @param jwks makes the source for a key set's address
   * @throws ConfigurationException with one line that says what to do
   */
  static KeySource choose(
      TokenSettings settings, boolean development, Function<URI, KeySource> jwks) {
    if (settings.jwksUrl().isPresent() && settings.publicKey().isPresent()) {
      throw refuse("Set only one of JWT_JWKS_URL and JWT_PUBLIC_KEY.");
    }
    if (settings.jwksUrl().isPresent()) {
      boolean http = development || settings.jwksAllowHttp();
      return jwks.apply(address(settings.jwksUrl().get(), http));
    }
    if (settings.publicKey().isPresent()) {
      return KeySource.of(publicKey(settings.publicKey().get()));
    }
    return KeySource.of(hmac(settings, development));
  }

  /**
   * The shared secret as a key to sign with.
   *
   * @throws ConfigurationException as {@link #choose}, and when the host signs with a private key
   */
  static Key signing(TokenSettings settings, boolean development) {
    if (settings.jwksUrl().isPresent() || settings.publicKey().isPresent()) {
      throw refuse(
          "Tokens are signed with the private key that belongs to JWT_JWKS_URL or JWT_PUBLIC_KEY, which the service does not have.");
    }
    return hmac(settings, development).key();
  }

  /** Whether the settings name no key at all. */
  static boolean none(TokenSettings settings) {
    return settings.secret().isEmpty()
        && settings.jwksUrl().isEmpty()
        && settings.publicKey().isEmpty();
  }

  /** Whether a shared secret is set but ignored because asymmetric keys are configured. */
  static boolean ignoresSecret(TokenSettings settings) {
    return settings.secret().isPresent()
        && (settings.jwksUrl().isPresent() || settings.publicKey().isPresent());
  }

  private static VerificationKey hmac(TokenSettings settings, boolean development) {
    if (none(settings) && !development) {
      throw refuse("Set JWT_SECRET (or JWT_JWKS_URL or JWT_PUBLIC_KEY) to verify tokens.");
    }
    String secret = settings.secret().orElse(DEVELOPMENT_SECRET);
    if (secret.equals(DEVELOPMENT_SECRET) && !development) {
      throw refuse("JWT_SECRET is the public development secret. Set a secret of your own.");
    }
    byte[] bytes = secret.getBytes(StandardCharsets.UTF_8);
    if (bytes.length < MIN_SECRET_BYTES) {
      throw refuse("JWT_SECRET is too short: it needs at least " + MIN_SECRET_BYTES + " bytes.");
    }
    if (secret.chars().distinct().count() < MIN_DIFFERENT) {
      LOG.warn("JWT_SECRET repeats a few characters: make one with openssl rand -hex 32.");
    }
    return new VerificationKey("HS256", new HmacKey(bytes));
  }

  private static VerificationKey publicKey(String pem) {
    try {
      return PemKey.parse(pem);
    } catch (IllegalArgumentException e) {
      throw refuse("JWT_PUBLIC_KEY is " + e.getMessage() + ".");
    }
  }

  private static URI address(String url, boolean http) {
    URI address = address(url);
    if ("http".equalsIgnoreCase(address.getScheme())
        && !http
        && !JwksDownload.isLoopback(address)) {
      throw refuse(
          "JWT_JWKS_URL is not https, so others could put in keys of their own;"
              + " JWT_JWKS_ALLOW_HTTP=true allows it.");
    }
    return address;
  }

  private static URI address(String url) {
    try {
      URI uri = new URI(url);
      boolean web =
          "https".equalsIgnoreCase(uri.getScheme()) || "http".equalsIgnoreCase(uri.getScheme());
      // Not getHost(), which is null for a name with an underscore.
      String place = uri.getRawAuthority();
      if (web && place != null && !place.isEmpty() && place.indexOf('@') < 0) {
        return uri;
      }
    } catch (URISyntaxException e) {
      // Refused below without repeating the value: a URL may contain a credential.
    }
    throw refuse("JWT_JWKS_URL is not an absolute http or https URL without user info.");
  }

  private static ConfigurationException refuse(String line) {
    return new ConfigurationException(Objects.requireNonNull(line));
  }
}
