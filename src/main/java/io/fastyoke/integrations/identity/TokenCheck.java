package io.fastyoke.integrations.identity;

import io.smallrye.mutiny.Uni;
import java.net.URI;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

/** Reads how tokens are verified as the start would; a key set is not downloaded. */
public final class TokenCheck {
  private TokenCheck() {}

  /**
   * How tokens would be verified.
   *
   * @param given a setting's value by its name
   * @throws io.quarkus.runtime.configuration.ConfigurationException when the service would not
   *     start with it; the message is one line
   */
  public static String describe(Function<String, Optional<String>> given) {
    TokenSettings settings = new GivenTokenSettings(given);
    AtomicReference<URI> published = new AtomicReference<>();
    var unused =
        TokenKeys.choose(
            settings,
            false,
            address -> {
              published.set(address);
              return kid -> Uni.createFrom().failure(new KeysUnavailableException());
            });
    String line =
        published.get() != null
            ? "RS256 and ES256, with the keys of JWT_JWKS_URL at "
                + published.get().getRawAuthority()
            : settings.publicKey().isPresent() ? "JWT_PUBLIC_KEY" : "HS256, JWT_SECRET";
    return TokenKeys.ignoresSecret(settings) ? line + ". WARNING: JWT_SECRET is ignored" : line;
  }
}
