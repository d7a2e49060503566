package io.fastyoke.integrations.page;

import io.fastyoke.integrations.identity.Jwts;
import java.net.URI;
import java.util.UUID;
import org.eclipse.microprofile.config.ConfigProvider;

/** Where the service under test listens, and tokens that it accepts. */
final class PageFixture {
  private PageFixture() {}

  /** The service's origin, such as {@code http://localhost:8081}. */
  static URI baseUrl() {
    return URI.create(ConfigProvider.getConfig().getValue("test.url", String.class));
  }

  /** A tenant that nobody else uses. */
  static String freshTenant() {
    return "page-" + UUID.randomUUID();
  }

  /** A token that the service verifies, of someone with this role. */
  static String token(String tenant, String role) {
    return Jwts.person(tenant, role);
  }
}
