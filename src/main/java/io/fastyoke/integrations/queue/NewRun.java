package io.fastyoke.integrations.queue;

import io.fastyoke.integrations.identity.TenantId;
import io.fastyoke.integrations.plan.ActionProgress;
import io.fastyoke.integrations.plan.Run;
import io.fastyoke.integrations.plan.RunPlan;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A validated run that is to be stored.
 *
 * @param ordered whether it waits for earlier runs of its job
 * @param startsNow whether this replica holds a permit for it
 */
public record NewRun(
    RunRef ref,
    RequestKey key,
    Request request,
    boolean ordered,
    List<ActionProgress> actions,
    boolean startsNow) {

  /**
   * Identifies a repeated request.
   *
   * @param idempotencyKey null for none
   * @param requestHash what another request under the same key must match
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record RequestKey(@Nullable String idempotencyKey, byte[] requestHash) {}

  /**
   * What was asked for.
   *
   * @param json the plan as it is stored
   * @param size what it counts for in memory, see {@link RequestSize}
   */
  public record Request(RunPlan plan, String json, int size) {}

  public UUID id() {
    return ref.id();
  }

  public TenantId tenant() {
    return ref.tenant();
  }

  /**
   * Runs with the same chain are accepted one after the other, so that each sees those before it.
   */
  @Nullable String chain() {
    return ref.jobId() == null ? null : ref.tenant().value() + '\n' + ref.jobId();
  }

  @Nullable UUID firstConnection() {
    return request.plan().actions().get(0).connectionId();
  }

  public Run view() {
    return new Run(
        ref.id(),
        ref.jobId(),
        Run.Status.PENDING,
        ref.createdAt(),
        null,
        ref.replayOf(),
        null,
        actions);
  }

  /** The same, with a permit on this replica. */
  public NewRun starting() {
    return new NewRun(ref, key, request, ordered, actions, true);
  }
}
