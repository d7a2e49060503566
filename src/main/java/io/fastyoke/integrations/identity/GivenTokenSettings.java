package io.fastyoke.integrations.identity;

import java.util.Optional;
import java.util.function.Function;

/**
 * The settings for commands, which run before the framework has read its configuration.
 *
 * @param given a setting's value by its name
 */
record GivenTokenSettings(Function<String, Optional<String>> given) implements TokenSettings {
  @Override
  public Optional<String> secret() {
    return given.apply("JWT_SECRET");
  }

  @Override
  public Optional<String> jwksUrl() {
    return given.apply("JWT_JWKS_URL");
  }

  @Override
  public boolean jwksAllowHttp() {
    return given.apply("JWT_JWKS_ALLOW_HTTP").map(Boolean::parseBoolean).orElse(false);
  }

  @Override
  public Optional<String> publicKey() {
    return given.apply("JWT_PUBLIC_KEY");
  }

  @Override
  public Optional<String> issuer() {
    return given.apply("JWT_ISSUER");
  }

  @Override
  public Optional<String> audience() {
    return given.apply("JWT_AUDIENCE");
  }
}
