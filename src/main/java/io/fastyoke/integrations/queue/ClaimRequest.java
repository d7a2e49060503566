package io.fastyoke.integrations.queue;

import java.util.Collection;
import java.util.List;
import java.util.UUID;

/**
 * What a replica asks the queue for.
 *
 * @param id names this claim in the rows that it takes, so that they can be given back when its
 *     answer is lost; never used before
 * @param most runs
 * @param except tenants that have enough attempts in flight on this replica
 * @param held runs that this replica has in its hands although their leases may have ended
 * @param budget for large requests
 */
public record ClaimRequest(
    UUID id, int most, Collection<String> except, List<UUID> held, ClaimBudget budget) {
  String[] exceptNames() {
    return except.toArray(new String[0]);
  }

  String[] fullTenants() {
    return budget.fullTenants().toArray(new String[0]);
  }
}
