package io.fastyoke.integrations.http;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** Limits of the API, and who may call it from other web pages. */
@ConfigMapping(prefix = "fastyoke.http")
interface HttpSettings {
  /** {@code REQUEST_MAX_BYTES}: largest request body, announced or chunked. */
  @WithDefault("1M")
  MemorySize requestMaxBytes();

  /** Of all request bodies that are arriving; a sixteenth of the heap when not set. */
  Optional<MemorySize> requestBodiesMaxBytes();

  /**
   * What all requests that are being answered may take of the heap, estimated from their bodies; a
   * quarter of it when not set.
   */
  Optional<MemorySize> requestsMaxHeap();

  /** A request body that takes longer to arrive is given up with 408. */
  @WithDefault("30S")
  Duration requestBodyTimeout();

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
