package io.fastyoke.integrations.vault;

import io.fastyoke.integrations.identity.TenantId;
import java.util.UUID;

/**
 * Where sealed credentials belong. They open only in the context in which they were sealed, so a
 * row that is copied to another tenant, connection or provider stays shut.
 *
 * @param tenant the tenant that owns the connection
 * @param connectionId the connection
 * @param provider the provider's name
 */
public record SealContext(TenantId tenant, UUID connectionId, String provider) {}
