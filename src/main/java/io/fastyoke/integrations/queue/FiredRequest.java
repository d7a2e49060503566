package io.fastyoke.integrations.queue;

import io.fastyoke.integrations.identity.TenantId;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a transaction of the engine has fired in SQL ({@code fastyoke_fire}). It is not checked yet.
 *
 * @param runId the id that the engine was given
 * @param idempotencyKey null for none
 * @param request JSON; null for none, and when it is larger than what was asked for
 * @param bytes of the request
 * @param actor JSON; null for none
 * @param firedAt when the function was called
 */
public record FiredRequest(
    UUID runId,
    TenantId tenant,
    @Nullable String idempotencyKey,
    @Nullable String request,
    int bytes,
    @Nullable String actor,
    Instant firedAt) {}
