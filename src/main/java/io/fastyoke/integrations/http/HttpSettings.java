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
   * {@code CORS_ORIGINS}: origins (scheme, host and port) whose pages may read our answers; none
   * when not set. Calls carry a bearer token and never a cookie, so this guards reading only.
   */
  Optional<Set<String>> corsOrigins();

  /**
   * {@code MANAGEMENT_PORT}: health, metrics and the description are there, and nowhere else; on
   * {@code PORT} when not set.
   */
  OptionalInt managementPort();
}
