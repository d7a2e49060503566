package io.fastyoke.integrations.runs;

import io.fastyoke.integrations.database.SizedPage;
import io.fastyoke.integrations.identity.TenantId;
import io.fastyoke.integrations.plan.Run;
import io.fastyoke.integrations.queue.RunRows;
import io.vertx.mutiny.sqlclient.Tuple;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The statement for a page of runs: ids are ordered by time, so a page of them is a page of the
 * newest.
 *
 * <p>It has only the conditions that are given, and the status as a literal: a generic plan for any
 * status could not use a partial index.
 */
record RunList(String sql, Tuple parameters) {
  static RunList of(TenantId tenant, FindRuns.RunFilter filter, @Nullable UUID cursor, int limit) {
    Tuple parameters = Tuple.of(tenant.value(), filter.from(), filter.to(cursor), limit);
    StringBuilder sql =
        new StringBuilder("SELECT ")
            .append(RunRows.VIEW)
            .append(" FROM action_runs r WHERE r.tenant_id = $1 AND r.id >= $2 AND r.id < $3");
    Run.Status status = filter.status();
    if (status != null) {
      // Safe: the name of an enum constant, not user input.
      sql.append(" AND r.status = '").append(status.wire()).append('\'');
    }
    if (filter.jobId() != null) {
      parameters.addString(filter.jobId());
      sql.append(" AND r.job_id = $").append(parameters.size());
    }
    if (filter.connectionId() != null) {
      parameters.addUUID(filter.connectionId());
      sql.append(" AND $").append(parameters.size()).append(" = ANY (r.connection_ids)");
    }
    sql.append(" ORDER BY r.id DESC LIMIT $4");
    return new RunList(SizedPage.of(sql.toString(), "octet_length(p.actions)"), parameters);
  }
}
