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
import java.time.Duration;
import java.util.UUID;

/** Cancels runs: actions that were not sent yet are not sent. */
@ApplicationScoped
class Canceller {
  private static final Duration LOOK_DELAY = Duration.ofMillis(20);
  private static final int MAX_LOOKS = 100;

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
    return cancel(tenant, id, MAX_LOOKS);
  }

  private Uni<Run> cancel(TenantId tenant, UUID id, int looks) {
    return cancels.cancel(tenant, id).chain(asked -> cancelled(tenant, id, asked, looks));
  }

  private Uni<Run> cancelled(TenantId tenant, UUID id, CancelRuns.Asked asked, int looks) {
    if (asked instanceof CancelRuns.Asked.Finished) {
      return runs.byId(tenant, id).chain(run -> notCancelled(tenant, run, looks));
    }
    if (!(asked instanceof CancelRuns.Asked.Taken taken)) {
      return runs.byId(tenant, id);
    }
    Uni<Run> finished = completions.await(id, Duration.ofSeconds(5), () -> runs.byId(tenant, id));
    worker.start(taken.run(), permits.forClaimedRun(taken.run()));
    return finished;
  }

  /** Finished, or fired in SQL and not a run yet. */
  private Uni<Run> notCancelled(TenantId tenant, Run run, int looks) {
    if (run.isFinished()) {
      throw ApiException.of(ErrorCode.ALREADY_FINISHED, "The run is finished already.");
    }
    if (looks == 0) {
      throw ApiException.unavailable("The run is being stored. Repeat the request.", 1);
    }
    return Uni.createFrom()
        .voidItem()
        .onItem()
        .delayIt()
        .by(LOOK_DELAY)
        .chain(() -> cancel(tenant, run.id(), looks - 1));
  }
}
