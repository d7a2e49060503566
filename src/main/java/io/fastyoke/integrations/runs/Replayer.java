package io.fastyoke.integrations.runs;

import io.fastyoke.integrations.dispatch.Acceptor;
import io.fastyoke.integrations.dispatch.Acceptor.Receipt;
import io.fastyoke.integrations.errors.ApiException;
import io.fastyoke.integrations.errors.ErrorCode;
import io.fastyoke.integrations.errors.FailureCode;
import io.fastyoke.integrations.identity.Caller;
import io.fastyoke.integrations.plan.ActionProgress;
import io.fastyoke.integrations.plan.ActionProgress.Status;
import io.fastyoke.integrations.plan.Run;
import io.fastyoke.integrations.plan.RunPlan;
import io.fastyoke.integrations.runs.FindRuns.Planned;
import io.fastyoke.integrations.runs.FindRuns.RunFilter;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Fires the failed and skipped actions of earlier runs again, as new runs. */
@ApplicationScoped
class Replayer {
  /** Most runs that one call replays; the answer says whether there are more. */
  static final int MAX_RUNS = 1_000;

  /**
   * A call also stops once its new runs, which the answer shows, have this many actions together.
   */
  static final int MAX_ACTIONS = 10_000;

  /** A dry run counts up to this number. */
  static final int COUNTED = 100_000;

  private static final Set<String> REFUSALS =
      Set.of(FailureCode.INVALID_REQUEST.wire(), FailureCode.PAYLOAD_TOO_LARGE.wire());

  private final FindRuns runs;
  private final FindReplayable replayable;
  private final Acceptor acceptor;

  Replayer(FindRuns runs, FindReplayable replayable, Acceptor acceptor) {
    this.runs = runs;
    this.replayable = replayable;
    this.acceptor = acceptor;
  }

  /**
   * The result of a replay or a dry run.
   *
   * @param more whether the filter selects further runs
   * @param runs the new runs
   */
  record Replayed(int count, boolean more, List<Run> runs) {}

  /**
   * Replays one run.
   *
   * @throws ApiException 404; 409 when it is not finished or has nothing that failed or was skipped
   */
  Uni<Receipt> replay(Caller caller, UUID id, @Nullable String idempotencyKey) {
    return runs.planned(caller.tenant(), id)
        .chain(original -> replay(caller, original, idempotencyKey));
  }

  /** Counts what a filter selects, up to {@link #COUNTED}. */
  Uni<Replayed> count(Caller caller, RunFilter filter) {
    return replayable
        .count(caller.tenant(), filter, COUNTED + 1)
        .map(found -> new Replayed(Math.min(found, COUNTED), found > COUNTED, List.of()));
  }

  /**
   * Replays what a filter selects, in the order in which it was accepted. If it is interrupted,
   * another call replays the rest.
   *
   * @throws ApiException 422 when the key was used for another call; 503 when nothing could be
   *     accepted
   */
  Uni<Replayed> replayAll(Caller caller, BulkReplay call) {
    return replayable
        .find(caller.tenant(), call, MAX_RUNS + 1)
        .chain(found -> replayAll(caller, call, found));
  }

  private Uni<Replayed> replayAll(Caller caller, BulkReplay call, List<UUID> found) {
    List<Run> runs = new ArrayList<>();
    AtomicInteger actions = new AtomicInteger();
    return Multi.createFrom()
        .iterable(found.subList(0, Math.min(found.size(), MAX_RUNS)))
        .onItem()
        .transformToUniAndConcatenate(
            id ->
                actions.get() < MAX_ACTIONS
                    ? replayIfThere(caller, id, call.key(id))
                    : Uni.createFrom().nullItem())
        .invoke(
            receipt -> {
              runs.add(receipt.run());
              actions.addAndGet(receipt.run().actions().size());
            })
        .collect()
        .last()
        .map(
            last ->
                new Replayed(
                    runs.size(),
                    found.size() > MAX_RUNS
                        || (actions.get() >= MAX_ACTIONS && runs.size() < found.size()),
                    runs))
        .onFailure(failure -> !runs.isEmpty())
        .recoverWithItem(() -> new Replayed(runs.size(), true, runs));
  }

  /** The run may be deleted by the retention in the meantime. */
  private Uni<Receipt> replayIfThere(Caller caller, UUID id, String key) {
    return replay(caller, id, key)
        .onFailure(failure -> failure instanceof ApiException gone && gone.status() == 404)
        .recoverWithNull();
  }

  private Uni<Receipt> replay(Caller caller, Planned original, @Nullable String idempotencyKey) {
    if (!original.run().isFinished()) {
      throw ApiException.of(
          ErrorCode.NOT_FINISHED, "The run is not finished. Wait for it, or cancel it first.");
    }
    RunPlan plan = original.plan();
    List<RunPlan.PlannedAction> again = new ArrayList<>();
    for (ActionProgress action : original.run().actions()) {
      if (wanted(action)) {
        again.add(plan.actions().get(action.index()).replaying(plan.nameOf(action.index())));
      }
    }
    if (again.isEmpty()) {
      throw ApiException.of(
          ErrorCode.NOTHING_TO_REPLAY, "No action of this run failed or was skipped.");
    }
    RunPlan replayed =
        new RunPlan(plan.job(), plan.transition(), plan.context(), caller.actor(), again);
    return acceptor.accept(
        caller.tenant(),
        plan.notice() ? replayed.asNotice() : replayed,
        original.ordered(),
        idempotencyKey,
        original.run().id());
  }

  private static boolean wanted(ActionProgress action) {
    return !isRefused(action)
        && (action.status() == Status.FAILED || action.status() == Status.SKIPPED);
  }

  /** Of a request that was refused as a whole: its actions are not known. */
  private static boolean isRefused(ActionProgress action) {
    return action.error() != null && REFUSALS.contains(action.error().code());
  }
}
