package io.fastyoke.integrations.queue;

import io.fastyoke.integrations.identity.TenantId;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The part of a run that never changes.
 *
 * @param jobId runs of one job may wait for each other
 * @param replayOf the run whose failed and skipped actions this one fires again
 */
public record RunRef(
    UUID id, TenantId tenant, @Nullable String jobId, @Nullable UUID replayOf, Instant createdAt) {}
