package io.fastyoke.integrations.queue;

import java.util.List;

/**
 * How much of large requests a replica may claim.
 *
 * @param characters of all requests together, see {@link RequestSize}
 * @param fullTenants tenants that have their part and may claim small requests only
 */
public record ClaimBudget(long characters, List<String> fullTenants) {}
