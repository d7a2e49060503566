package io.fastyoke.integrations.runs;

import io.fastyoke.integrations.http.ApiException;
import io.fastyoke.integrations.identity.Caller;
import io.fastyoke.integrations.runs.Acceptor.Receipt;
import io.fastyoke.integrations.runs.ActionProgress.Status;
import io.fastyoke.integrations.runs.FindRuns.Filter;
import io.fastyoke.integrations.runs.FindRuns.Planned;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Fires the failed and skipped actions of earlier runs again, as new runs. */
@ApplicationScoped
public class Replayer {
  /** One call replays at most this many; the answer says whether there are more. */
  static final int MOST = 1_000;

  private final FindRuns runs;
  private final Acceptor acceptor;

  Replayer(FindRuns runs, Acceptor acceptor) {
    this.runs = runs;
    this.acceptor = acceptor;
  }

  /**
   * Replays one run.
   *
   * @throws ApiException 404; 409 when it is not finished or has nothing that failed or was skipped
   */
  Uni<Receipt> replay(Caller caller, UUID id, @Nullable String idempotencyKey) {
    return runs.planned(caller.tenant(), id)
        .chain(original -> replay(caller, original, idempotencyKey));
  }

  /** The runs that a filter selects and that a replay would fire again. */
  Uni<List<Run>> select(Caller caller, Filter filter) {
    return runs.list(caller.tenant(), filter, MOST, null)
        .map(
            found ->
                found.stream()
                    .filter(
                        run ->
                            run.isFinished() && run.actions().stream().anyMatch(Replayer::wanted))
                    .toList());
  }

  /** Replays runs in the order in which they were accepted. */
  Uni<List<Run>> replayAll(Caller caller, List<Run> selected) {
    List<Run> oldestFirst = new ArrayList<>(selected);
    java.util.Collections.reverse(oldestFirst);
    return Multi.createFrom()
        .iterable(oldestFirst)
        .onItem()
        .transformToUniAndConcatenate(run -> replay(caller, run.id(), null))
        .map(Receipt::run)
        .collect()
        .asList();
  }

  private Uni<Receipt> replay(Caller caller, Planned original, @Nullable String idempotencyKey) {
    if (!original.run().isFinished()) {
      throw ApiException.conflict(
          "not_finished", "The run is not finished. Wait for it, or cancel it first.");
    }
    RunPlan plan = original.plan();
    List<RunPlan.PlannedAction> again = new ArrayList<>();
    for (ActionProgress action : original.run().actions()) {
      if (wanted(action)) {
        again.add(plan.actions().get(action.index()));
      }
    }
    if (again.isEmpty()) {
      throw ApiException.conflict(
          "nothing_to_replay", "No action of this run failed or was skipped.");
    }
    RunPlan replayed =
        new RunPlan(plan.job(), plan.transition(), plan.context(), caller.actor(), again);
    return acceptor.accept(
        caller.tenant(), replayed, original.ordered(), idempotencyKey, original.run().id());
  }

  private static boolean wanted(ActionProgress action) {
    return action.status() == Status.FAILED || action.status() == Status.SKIPPED;
  }
}
