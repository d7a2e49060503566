package io.fastyoke.integrations.dispatch;

import io.fastyoke.integrations.database.TimeOrderedIds;
import io.fastyoke.integrations.plan.ActionProgress;
import io.fastyoke.integrations.plan.RunCodec;
import io.fastyoke.integrations.plan.RunPlan;
import io.fastyoke.integrations.queue.NewRun;
import io.fastyoke.integrations.queue.RequestSize;
import io.fastyoke.integrations.queue.RunRef;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes runs of checked plans, whichever way they came in. */
public final class NewRuns {
  private static final byte[] NO_HASH = {};

  private final RunCodec codec;

  public NewRuns(RunCodec codec) {
    this.codec = codec;
  }

  /**
   * A run that is not stored yet.
   *
   * @param idempotencyKey null for none
   * @param now for the ids of its deliveries
   */
  public NewRun pending(
      RunRef ref, RunPlan plan, boolean ordered, @Nullable String idempotencyKey, Instant now) {
    List<ActionProgress> actions = new ArrayList<>();
    for (int i = 0; i < plan.actions().size(); i++) {
      actions.add(ActionProgress.pending(i, plan.actions().get(i), TimeOrderedIds.next(now)));
    }
    return with(ref, plan, ordered, idempotencyKey, actions);
  }

  /** The same with actions that may be decided. */
  public NewRun with(
      RunRef ref,
      RunPlan plan,
      boolean ordered,
      @Nullable String idempotencyKey,
      List<ActionProgress> actions) {
    String request = codec.write(plan);
    return new NewRun(
        ref,
        new NewRun.RequestKey(
            idempotencyKey,
            idempotencyKey == null ? NO_HASH : codec.hash(plan, ordered, ref.replayOf())),
        new NewRun.Request(plan, request, RequestSize.of(request)),
        ordered,
        actions,
        false);
  }
}
