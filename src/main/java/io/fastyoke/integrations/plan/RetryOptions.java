package io.fastyoke.integrations.plan;

import org.jspecify.annotations.Nullable;

/**
 * The retry policy of an action.
 *
 * @param maxAttempts 1 (default) to 10
 * @param backoffMs the first delay, in ms; 1,000 by default
 * @param maxBackoffMs the longest delay, in ms; one hour by default and at most
 * @param onUnknown {@code retry}: send again even if the first request may have arrived
 */
public record RetryOptions(
    @Nullable Integer maxAttempts,
    @Nullable Long backoffMs,
    @Nullable Long maxBackoffMs,
    @Nullable String onUnknown) {}
