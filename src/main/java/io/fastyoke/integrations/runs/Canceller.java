package io.fastyoke.integrations.runs;

import io.fastyoke.integrations.dispatch.Claimer;
import io.fastyoke.integrations.dispatch.Slots;
import io.fastyoke.integrations.dispatch.Waiters;
import io.fastyoke.integrations.errors.ApiException;
import io.fastyoke.integrations.identity.TenantId;
import io.fastyoke.integrations.plan.Run;
import io.fastyoke.integrations.queue.CancelRuns;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.UUID;

/** Stops what has not been sent. */
@ApplicationScoped
public class Canceller {
  private final CancelRuns cancels;
  private final Slots slots;
  private final Claimer claimer;
  private final Waiters waiters;
  private final FindRuns runs;

  Canceller(CancelRuns cancels, Slots slots, Claimer claimer, Waiters waiters, FindRuns runs) {
    this.cancels = cancels;
    this.slots = slots;
    this.claimer = claimer;
    this.waiters = waiters;
    this.runs = runs;
  }

  /**
   * Cancels a run; the answer shows it as it is then, which is not finished while an attempt is in
   * flight.
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
                throw ApiException.conflict("already_finished", "The run is finished already.");
              });
    }
    if (!(asked instanceof CancelRuns.Asked.Taken taken)) {
      return runs.byId(tenant, id);
    }
    Uni<Run> finished =
        waiters.await(id, java.time.Duration.ofSeconds(5), () -> runs.byId(tenant, id));
    slots.take(tenant);
    claimer.execute(taken.run());
    return finished;
  }
}
