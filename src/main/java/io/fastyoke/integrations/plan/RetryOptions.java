package io.fastyoke.integrations.plan;

import org.jspecify.annotations.Nullable;

/**
 * How often an action is tried, and how long it waits in between.
 *
 * @param maxAttempts 1 (default) to 10
 * @param backoffMs the first wait, in ms; 1,000 by default
 * @param maxBackoffMs the longest wait, in ms; one hour by default and at most
 * @param onUnknown {@code retry}: send again although the first may have arrived
 */
public record RetryOptions(
    @Nullable Integer maxAttempts,
    @Nullable Long backoffMs,
    @Nullable Long maxBackoffMs,
    @Nullable String onUnknown) {}
