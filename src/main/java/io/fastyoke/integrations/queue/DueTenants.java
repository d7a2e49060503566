package io.fastyoke.integrations.queue;

/** The tenants that have due or leased runs, in SQL. */
final class DueTenants {
  /**
   * What follows {@code WITH RECURSIVE}: walks from tenant to tenant on the index of what is due or
   * leased (a loose index scan). The last row is null.
   */
  static final String CTE =
      """
      tenants(tenant_id) AS (
        (SELECT tenant_id FROM action_runs WHERE due_at IS NOT NULL ORDER BY tenant_id, due_at LIMIT 1)
        UNION ALL
        SELECT (SELECT r.tenant_id FROM action_runs r
          WHERE r.due_at IS NOT NULL AND r.tenant_id > t.tenant_id ORDER BY r.tenant_id, r.due_at LIMIT 1)
        FROM tenants t WHERE t.tenant_id IS NOT NULL
      )
      """;

  private DueTenants() {}
}
