package io.fastyoke.integrations.plan;

import io.fastyoke.integrations.identity.Caller.Actor;
import io.fastyoke.integrations.plan.RunPlan.PlannedAction;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What was read of a run's JSON.
 *
 * @param readable whether that is all of it; if not, the rest stands in for what could not be read,
 *     so that the run can be closed
 */
public record StoredRun(RunPlan plan, List<ActionProgress> actions, boolean readable) {
  private static final String WEBHOOK = "WEBHOOK";
  private static final Actor NO_ACTOR = new Actor("", null, null);

  /**
   * A run as it is needed for an attempt.
   *
   * @throws RuntimeException when a part of it is missing
   */
  public static StoredRun whole(RunPlan plan, List<ActionProgress> actions) {
    Objects.requireNonNull(plan.actor());
    if (plan.actions().size() != actions.size() || !isOpen(actions)) {
      throw new IllegalStateException("Plan and progress of a stored run do not fit.");
    }
    for (PlannedAction action : plan.actions()) {
      Objects.requireNonNull(action.payloadTemplate());
    }
    return new StoredRun(plan, List.copyOf(actions), true);
  }

  /**
   * Stands in for a run that cannot be read.
   *
   * @param actions the progress, if that could be read
   * @param connection the one that would have been fired at next
   */
  public static StoredRun unreadable(
      UUID run, @Nullable List<ActionProgress> actions, @Nullable UUID connection) {
    List<ActionProgress> known =
        actions != null && isOpen(actions) ? actions : List.of(standIn(run, connection));
    List<PlannedAction> planned =
        known.stream()
            .map(
                action ->
                    new PlannedAction(
                        action.actionType(),
                        new PayloadTemplate(action.connectionId(), null, null, null, null),
                        false,
                        null))
            .toList();
    return new StoredRun(new RunPlan(null, null, null, NO_ACTOR, planned), known, false);
  }

  private static ActionProgress standIn(UUID run, @Nullable UUID connection) {
    return ActionProgress.pending(
        0, WEBHOOK, connection == null ? null : connection.toString(), run);
  }

  private static boolean isOpen(List<ActionProgress> actions) {
    for (ActionProgress action : actions) {
      Objects.requireNonNull(action.deliveryId());
      if (!action.isDecided()) {
        return true;
      }
    }
    return false;
  }
}
