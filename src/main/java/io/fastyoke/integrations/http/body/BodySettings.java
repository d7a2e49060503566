package io.fastyoke.integrations.http.body;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;

/** Limits of request bodies: size, time and memory. */
@ConfigMapping(prefix = "fastyoke.http")
public interface BodySettings {
  /** {@code REQUEST_MAX_BYTES}: the largest request body, with a Content-Length or chunked. */
  @WithDefault("1M")
  MemorySize requestMaxBytes();

  /**
   * Buffers of all request bodies that are being received, in bytes. When not set: a sixteenth of
   * the heap, or one largest body if that is more.
   */
  Optional<MemorySize> requestBodiesMaxBytes();

  /**
   * Estimated heap of all requests without an answer yet, in bytes. When not set: a quarter of the
   * heap.
   */
  Optional<MemorySize> requestsMaxHeap();

  /** A body that takes longer to arrive is answered with 408. */
  @WithDefault("30S")
  Duration requestBodyTimeout();
}
