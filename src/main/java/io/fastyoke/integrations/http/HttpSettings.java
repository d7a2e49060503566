package io.fastyoke.integrations.http;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** The rate limit, CORS and the management port; limits of bodies are in {@code body}. */
@ConfigMapping(prefix = "fastyoke.http")
interface HttpSettings {
  /** {@code RATE_LIMIT_PER_TENANT}: requests per second and tenant on this replica; 0 is off. */
  @WithDefault("0")
  int rateLimitPerTenant();

  /**
   * {@code CORS_ORIGINS}: origins (scheme, host and port) whose pages may read answers; none by
   * default. Calls carry a bearer token and no cookie, so CORS protects reading only.
   */
  Optional<Set<String>> corsOrigins();

  /**
   * {@code MANAGEMENT_PORT}: the only port with health, metrics and the OpenAPI description. When
   * not set they are on {@code PORT}.
   */
  OptionalInt managementPort();
}
