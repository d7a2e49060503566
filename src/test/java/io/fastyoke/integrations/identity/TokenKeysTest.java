package io.fastyoke.integrations.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quarkus.runtime.configuration.ConfigurationException;
import io.smallrye.mutiny.Uni;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenKeysTest {
  private static final String SECRET = "0123456789abcdef0123456789abcdef";
  private static final String PEM =
      TokenVerifierTest.pem(TokenVerifierTest.rsa(2048).getPublic().getEncoded());

  private final List<URI> published = new ArrayList<>();

  @Test
  void oneFamilyIsChosen() {
    assertThat(algorithm(choose(new Given(SECRET, null, null), false))).isEqualTo("HS256");
    assertThat(algorithm(choose(new Given(null, null, PEM), false))).isEqualTo("RS256");
    choose(new Given(null, "https://host.example/jwks.json", null), false);
    assertThat(published).containsExactly(URI.create("https://host.example/jwks.json"));
  }

  /** The host's secret may be set for everything that runs beside it. */
  @Test
  void asymmetricVerificationTakesThePlaceOfTheSecret() {
    String url = "https://host.example/jwks.json";
    Given withKey = new Given(SECRET, null, PEM);
    assertThat(algorithm(choose(withKey, false))).isEqualTo("RS256");
    assertThat(TokenKeys.ignoresSecret(withKey)).isTrue();
    choose(new Given(SECRET, url, null), false);
    assertThat(published).containsExactly(URI.create(url));
    assertThat(TokenKeys.ignoresSecret(new Given(SECRET, null, null))).isFalse();
  }

  @Test
  void twoAsymmetricSourcesStopTheStart() {
    String url = "https://host.example/jwks.json";
    for (Given two : List.of(new Given(null, url, PEM), new Given(SECRET, url, PEM))) {
      assertStops(two, true);
      assertStops(two, false);
    }
  }

  @Test
  void noKeyStopsTheStartOutsideOfDevelopment() {
    Given nothing = new Given(null, null, null);
    assertStops(nothing, false);
    assertThat(algorithm(choose(nothing, true))).isEqualTo("HS256");
  }

  @Test
  void theDevelopmentSecretStopsTheStartOutsideOfDevelopment() {
    Given development = new Given(TokenKeys.DEVELOPMENT_SECRET, null, null);
    assertStops(development, false);
    assertThat(algorithm(choose(development, true))).isEqualTo("HS256");
  }

  @Test
  void theSecretIsMeasuredInBytes() {
    assertStops(new Given(SECRET.substring(1), null, null), true);
    assertThat(
            algorithm(
                choose(new Given("\u00e4\u00f6\u00fc\u00df".repeat(4) + "a", null, null), false)))
        .isEqualTo("HS256");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"host/jwks", "ftp://host/x", "https://", "https://u:p@host/x", "ht tp://x"})
  void aMalformedAddressStopsTheStart(String url) {
    assertStops(new Given(null, url, null), true);
  }

  /** Whoever is on the way could put in keys of their own. */
  @ParameterizedTest
  @ValueSource(strings = {"http://idp.example.com/jwks", "HTTP://10.0.0.1/jwks"})
  void plainHttpStopsTheStartOutsideOfDevelopment(String url) {
    Given plain = new Given(null, url, null);
    assertStops(plain, false);
    choose(plain, true);
    choose(new Given(null, "http://127.0.0.1:9000/jwks", null), false);
    choose(new Given(null, "http://localhost/jwks", null), false);
    choose(new Given(null, "https://idp.example.com/jwks", null), false);
    assertThat(published).hasSize(4);
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----"})
  void aMalformedPublicKeyStopsTheStart(String pem) {
    assertStops(new Given(null, null, pem), true);
  }

  private void assertStops(Given settings, boolean development) {
    assertThatThrownBy(() -> choose(settings, development))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageMatching("[^\n]*JWT_[^\n]*\\.")
        .hasNoCause()
        .message()
        .doesNotContain(SECRET, "u:p");
  }

  private KeySource choose(TokenSettings settings, boolean development) {
    return TokenKeys.choose(settings, development, this::publish);
  }

  private KeySource publish(URI address) {
    published.add(address);
    return kid -> Uni.createFrom().failure(new KeysUnavailableException());
  }

  private static String algorithm(KeySource source) {
    return source.find(null).await().indefinitely().algorithm();
  }

  private static final class Given implements TokenSettings {
    private final String secret;
    private final String jwksUrl;
    private final String publicKey;

    Given(String secret, String jwksUrl, String publicKey) {
      this.secret = secret;
      this.jwksUrl = jwksUrl;
      this.publicKey = publicKey;
    }

    @Override
    public Optional<String> secret() {
      return Optional.ofNullable(secret);
    }

    @Override
    public Optional<String> jwksUrl() {
      return Optional.ofNullable(jwksUrl);
    }

    @Override
    public boolean jwksAllowHttp() {
      return false;
    }

    @Override
    public Optional<String> publicKey() {
      return Optional.ofNullable(publicKey);
    }

    @Override
    public Optional<String> issuer() {
      return Optional.empty();
    }

    @Override
    public Optional<String> audience() {
      return Optional.empty();
    }
  }
}
