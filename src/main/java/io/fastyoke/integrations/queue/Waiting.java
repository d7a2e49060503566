package io.fastyoke.integrations.queue;

import io.fastyoke.integrations.plan.Run.WaitingFor;

/** What a run waits for, in SQL: read off its row when somebody asks, and stored nowhere. */
final class Waiting {
  private Waiting() {}

  /**
   * The name of the {@link WaitingFor} of a row; null while it is at work, and once it is finished.
   *
   * @param run the row; has {@code due_at}, {@code gate}, {@code in_flight} and {@code tenant_id}
   */
  static String of(String run) {
    return """
        CASE WHEN %1$s.in_flight THEN NULL
          WHEN %1$s.due_at > now() THEN 'retry'
          WHEN %1$s.due_at IS NOT NULL THEN 'capacity'
          WHEN %1$s.gate IS NULL THEN 'earlier_run'
          ELSE COALESCE((
            SELECT CASE WHEN %2$s THEN 'connection_paused'
              WHEN c.limited AND c.status = 'active' THEN 'connection_limit' END
            FROM connections c WHERE c.id = %1$s.gate AND (c.tenant_id = %1$s.tenant_id) IS TRUE), 'capacity') END"""
        .formatted(run, Hold.HOLDS);
  }
}
