package io.fastyoke.integrations.runs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.fastyoke.integrations.plan.ActionProgress;
import io.fastyoke.integrations.plan.ResponseNames;
import io.fastyoke.integrations.plan.RunPlan;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Stands in, in a preview, for what answers of earlier actions will say: the name in brackets.
 * Nothing stands in for what no answer can have.
 *
 * @param actions the progress of the run
 * @param index the action that is shown
 * @param header whether an answer may have a header of this name
 */
record StandIns(RunPlan plan, List<ActionProgress> actions, int index, Predicate<String> header) {
  private static final Pattern VALUE =
      Pattern.compile(
          "actions\\.\\d+\\.response(?:\\.status|\\.headers(?:\\.(?<header>.+))?|\\.body(?:\\..+)?)?");

  /** What stands in for a variable; null when it is none of an answer that is to come. */
  @Nullable JsonNode of(String variable) {
    int named = ResponseNames.index(variable).orElse(-1);
    if (named < 0 || !mayBe(variable)) {
      return null;
    }
    for (int earlier = 0; earlier < index; earlier++) {
      if (plan.nameOf(earlier) == named) {
        return actions.get(earlier).response() == null
            ? TextNode.valueOf("[" + variable + "]")
            : null;
      }
    }
    return null;
  }

  private boolean mayBe(String variable) {
    Matcher value = VALUE.matcher(variable);
    return value.matches() && (value.group("header") == null || header.test(value.group("header")));
  }

  /** The variables for which it stands in. */
  List<String> names() {
    Set<String> names = new LinkedHashSet<>();
    ResponseNames.each(
        plan.actions().get(index).payloadTemplate(),
        (field, variable) -> {
          if (of(variable) != null) {
            names.add(variable);
          }
        });
    return new ArrayList<>(names);
  }
}
