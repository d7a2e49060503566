package io.fastyoke.integrations.delivery;

import io.fastyoke.integrations.plan.ActionProgress;
import io.fastyoke.integrations.plan.KeptResponse;
import io.fastyoke.integrations.plan.ResponseNames;
import io.fastyoke.integrations.plan.RunPlan;
import io.fastyoke.integrations.templating.Variables;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** Says why a value of an earlier answer is not there. */
final class MissingResponse {
  private MissingResponse() {}

  /** For people; null when the variable is none of an answer, or is there. */
  static @Nullable String reason(
      RunPlan plan, List<ActionProgress> actions, Variables variables, @Nullable String variable) {
    OptionalInt name = variable == null ? OptionalInt.empty() : ResponseNames.index(variable);
    if (variable == null || name.isEmpty() || variables.lookup(variable) != null) {
      return null;
    }
    String missing = "The variable " + variable + " does not exist: ";
    ActionProgress action = named(plan, actions, name.getAsInt());
    if (action == null) {
      return missing
          + "answers are kept only until their run is finished, and this run replays only what came"
          + " after. Fire the transition again.";
    }
    KeptResponse response = action.response();
    if (response == null) {
      return missing + "there was no answer to that action.";
    }
    boolean ofBody = variable.startsWith("actions." + name.getAsInt() + ".response.body");
    return ofBody && response.json() == null
        ? missing + "the body of that answer is no JSON of at most 64 KiB."
        : missing + "that answer has no such value.";
  }

  private static @Nullable ActionProgress named(
      RunPlan plan, List<ActionProgress> actions, int name) {
    for (ActionProgress action : actions) {
      if (plan.nameOf(action.index()) == name) {
        return action;
      }
    }
    return null;
  }
}
