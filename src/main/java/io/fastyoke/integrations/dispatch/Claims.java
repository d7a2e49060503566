package io.fastyoke.integrations.dispatch;

import io.fastyoke.integrations.queue.ClaimRequest;
import io.fastyoke.integrations.queue.ClaimRuns;
import io.fastyoke.integrations.queue.ClaimRuns.Claimed;
import io.fastyoke.integrations.queue.RateLimitedClaims;
import io.fastyoke.integrations.queue.RateLimitedClaims.Admitted;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;

/** Sends the dispatcher's claims to the queue, each under an id of its own. */
@ApplicationScoped
class Claims {
  private final DueClaim due;
  private final Function<ClaimRequest, Uni<Admitted>> limited;
  private final LostClaims lostClaims;
  private final InFlightRuns inFlightRuns;
  private final PayloadMemoryBudget memory;

  /** See {@link ClaimRuns#claim}. */
  interface DueClaim {
    Uni<Claimed> claim(ClaimRequest request, boolean anew);
  }

  @Inject
  Claims(
      ClaimRuns due,
      RateLimitedClaims limited,
      LostClaims lostClaims,
      InFlightRuns inFlightRuns,
      PayloadMemoryBudget memory) {
    this(due::claim, limited::claim, lostClaims, inFlightRuns, memory);
  }

  /** The statements are functions, so that a test of the dispatcher needs no database. */
  Claims(
      DueClaim due,
      Function<ClaimRequest, Uni<Admitted>> limited,
      LostClaims lostClaims,
      InFlightRuns inFlightRuns,
      PayloadMemoryBudget memory) {
    this.due = due;
    this.limited = limited;
    this.lostClaims = lostClaims;
    this.inFlightRuns = inFlightRuns;
    this.memory = memory;
  }

  /**
   * Claims due runs, after the runs of lost claims have been released.
   *
   * @param most runs
   * @param busy tenants that are passed over
   * @param anew whether runs may have become due since the last such claim
   */
  Uni<Claimed> due(int most, List<String> busy, boolean anew) {
    return lostClaims
        .releaseBeforeClaiming()
        .chain(() -> send(most, busy, request -> due.claim(request, anew)));
  }

  /** Claims runs that the limits of their connection let start. */
  Uni<Admitted> limited(int most, List<String> busy) {
    return send(most, busy, limited);
  }

  /** A claim whose answer was lost may have taken runs all the same. */
  private <T> Uni<T> send(int most, List<String> busy, Function<ClaimRequest, Uni<T>> claim) {
    ClaimRequest request =
        new ClaimRequest(UUID.randomUUID(), most, busy, inFlightRuns.old(), memory.budget());
    return claim.apply(request).onFailure().invoke(() -> lostClaims.add(request.id()));
  }
}
