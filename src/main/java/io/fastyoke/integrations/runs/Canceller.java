package io.fastyoke.integrations.runs;

import io.fastyoke.integrations.dispatch.CompletionWaits;
import io.fastyoke.integrations.dispatch.Permits;
import io.fastyoke.integrations.dispatch.Worker;
import io.fastyoke.integrations.errors.ApiException;
import io.fastyoke.integrations.errors.ErrorCode;
import io.fastyoke.integrations.identity.TenantId;
import io.fastyoke.integrations.plan.Run;
import io.fastyoke.integrations.queue.CancelRuns;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.UUID;

/** Cancels runs: actions that were not sent yet are not sent. */
@ApplicationScoped
class Canceller {
  private final CancelRuns cancels;
  private final Permits permits;
  private final Worker worker;
  private final CompletionWaits completions;
  private final FindRuns runs;

  Canceller(
      CancelRuns cancels,
      Permits permits,
      Worker worker,
      CompletionWaits completions,
      FindRuns runs) {
    this.cancels = cancels;
    this.permits = permits;
    this.worker = worker;
    this.completions = completions;
    this.runs = runs;
  }

  /**
   * Cancels a run. The returned run is not finished yet if an attempt is in flight.
   *
   * @throws ApiException 404, or 409 {@code already_finished}
   */
  Uni<Run> cancel(TenantId tenant, UUID id) {
    return cancels.cancel(tenant, id).chain(asked -> cancelled(tenant, id, asked));
  }

  private Uni<Run> cancelled(TenantId tenant, UUID id, CancelRuns.Asked asked) {
    if (asked instanceof CancelRuns.Asked.Finished) {
      return runs.byId(tenant, id)
          .map(
              run -> {
                throw ApiException.of(ErrorCode.ALREADY_FINISHED, "The run is finished already.");
              });
    }
    if (!(asked instanceof CancelRuns.Asked.Taken taken)) {
      return runs.byId(tenant, id);
    }
    Uni<Run> finished =
        completions.await(id, java.time.Duration.ofSeconds(5), () -> runs.byId(tenant, id));
    worker.start(taken.run(), permits.forClaimedRun(taken.run()));
    return finished;
  }
}
