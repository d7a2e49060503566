package io.fastyoke.integrations.page;

import java.net.URI;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;

/**
 * Where the service under test listens, and a token that it accepts: the one place to point the
 * browser tests at a running service.
 */
final class PageFixture {
  private static final String BASE_URL = "page.base-url";
  private static final String TOKEN = "page.token";

  private PageFixture() {}

  /** The service's origin, such as {@code http://localhost:8080}. */
  static URI baseUrl() {
    return URI.create(required(BASE_URL));
  }

  /**
   * An administrator's token that the service verifies; only the tests without a fake API use it.
   */
  static String token() {
    return required(TOKEN);
  }

  private static String required(String name) {
    Optional<String> value = Optional.ofNullable(System.getProperty(name));
    Assumptions.assumeTrue(
        value.isPresent(), "Browser tests need a running service: set -D" + name + "=…");
    return value.orElseThrow();
  }
}
