package io.fastyoke.integrations.dispatch;

import io.fastyoke.integrations.identity.Caller.Actor;
import io.fastyoke.integrations.identity.TenantId;
import io.fastyoke.integrations.plan.ActionProgress;
import io.fastyoke.integrations.plan.PayloadTemplate;
import io.fastyoke.integrations.plan.Run;
import io.fastyoke.integrations.plan.RunPlan;
import io.fastyoke.integrations.plan.RunPlan.PlannedAction;
import io.fastyoke.integrations.plan.StoredRun;
import io.fastyoke.integrations.queue.ClaimedRun;
import io.fastyoke.integrations.queue.RunRef;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Runs and listeners that tests of this package hand to what they test. */
final class TestRuns {
  static final TenantId TENANT = new TenantId("t1");
  static final Instant NOW = Instant.parse("2026-11-24T03:00:00Z");

  private TestRuns() {}

  static RunPlan plan(int actions) {
    PlannedAction action =
        new PlannedAction("WEBHOOK", new PayloadTemplate(null, null, "/", null, null), false, null);
    return new RunPlan(
        null,
        null,
        null,
        new Actor("engine", null, null),
        IntStream.range(0, actions).mapToObj(index -> action).toList());
  }

  /** A first attempt at the first of so many actions. */
  static ClaimedRun claimed(int actions) {
    return claimed(actions, new ClaimedRun.Current(1, false, false, null, null), 1, null);
  }

  static ClaimedRun claimed(
      int actions, ClaimedRun.Current current, long leaseToken, @Nullable UUID limiter) {
    RunPlan plan = plan(actions);
    List<ActionProgress> progress =
        IntStream.range(0, actions)
            .mapToObj(
                index ->
                    ActionProgress.pending(index, plan.actions().get(index), UUID.randomUUID()))
            .toList();
    return new ClaimedRun(
        new RunRef(UUID.randomUUID(), TENANT, null, null, NOW),
        new ClaimedRun.Claim(leaseToken, UUID.randomUUID(), limiter, 0, Duration.ZERO, 0),
        new StoredRun(plan, progress, true),
        current);
  }

  static Run view(UUID id, @Nullable Instant finishedAt) {
    Run.Status status = finishedAt == null ? Run.Status.RUNNING : Run.Status.SUCCEEDED;
    return new Run(id, null, status, NOW, finishedAt, null, null, List.of());
  }
}
