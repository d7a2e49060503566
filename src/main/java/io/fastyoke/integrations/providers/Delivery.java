package io.fastyoke.integrations.providers;

import io.fastyoke.integrations.identity.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One attempt at one delivery.
 *
 * @param tenant on whose behalf
 * @param connectionId with whose credentials
 * @param deliveryId the same on every attempt
 * @param attempt 1 for the first
 * @param now the time of this attempt
 * @param eventType the transition's, if it has one
 * @param timeout bounds the whole attempt
 * @param traceparent the attempt's own (W3C Trace Context), when the run is part of a trace
 */
public record Delivery(
    TenantId tenant,
    UUID connectionId,
    UUID deliveryId,
    int attempt,
    Instant now,
    @Nullable String eventType,
    Duration timeout,
    @Nullable String traceparent) {

  /** Without a trace. */
  public Delivery(
      TenantId tenant,
      UUID connectionId,
      UUID deliveryId,
      int attempt,
      Instant now,
      @Nullable String eventType,
      Duration timeout) {
    this(tenant, connectionId, deliveryId, attempt, now, eventType, timeout, null);
  }
}
