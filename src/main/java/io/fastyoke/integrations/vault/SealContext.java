package io.fastyoke.integrations.vault;

import io.fastyoke.integrations.identity.TenantId;
import java.util.UUID;

/**
 * The row that sealed credentials belong to, authenticated as additional data. Credentials open
 * only in the context they were sealed in, so a row copied to another tenant, connection or
 * provider does not open.
 *
 * @param tenant the tenant that owns the connection
 * @param connectionId the connection
 * @param provider the provider's name
 */
public record SealContext(TenantId tenant, UUID connectionId, String provider) {}
