package io.fastyoke.integrations.queue;

import io.fastyoke.integrations.identity.TenantId;
import io.fastyoke.integrations.plan.ActionProgress;
import io.fastyoke.integrations.plan.Run;
import io.fastyoke.integrations.plan.RunPlan;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A checked run on its way to disk.
 *
 * @param ordered whether it waits for earlier runs of its job
 * @param requestHash what another request under the same idempotency key must match
 * @param request the plan as it is stored
 * @param weight what the request counts for in memory, see {@link RequestSize}
 * @param startsNow whether this replica holds a free permit for it
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record NewRun(
    UUID id,
    TenantId tenant,
    @Nullable String jobId,
    boolean ordered,
    @Nullable String idempotencyKey,
    byte[] requestHash,
    @Nullable UUID replayOf,
    RunPlan plan,
    String request,
    int weight,
    List<ActionProgress> actions,
    Instant createdAt,
    boolean startsNow) {

  /**
   * Runs with the same chain are accepted one after the other, so that each sees those before it.
   */
  @Nullable String chain() {
    return jobId == null ? null : tenant.value() + '\n' + jobId;
  }

  @Nullable UUID firstConnection() {
    return plan.actions().get(0).connectionId();
  }

  public Run view() {
    return new Run(id, jobId, Run.Status.PENDING, createdAt, null, replayOf, actions);
  }

  /** The same, with a permit on this replica. */
  public NewRun starting() {
    return new NewRun(
        id,
        tenant,
        jobId,
        ordered,
        idempotencyKey,
        requestHash,
        replayOf,
        plan,
        request,
        weight,
        actions,
        createdAt,
        true);
  }
}
