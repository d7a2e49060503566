package io.fastyoke.integrations.providers;

import com.fasterxml.jackson.databind.JsonNode;
import io.fastyoke.integrations.errors.FieldProblem;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Actions of providers whose API only takes a POST with a path and an object. */
final class FixedApiRules {
  private FixedApiRules() {}

  static List<FieldProblem> template(ActionTemplate template, String provider) {
    List<FieldProblem> problems = new ArrayList<>();
    if (template.method() != null && !template.method().equals("POST")) {
      problems.add(new FieldProblem("method", "must be POST for " + provider));
    }
    if (!template.headers().isEmpty()) {
      problems.add(new FieldProblem("headers", "cannot be given for " + provider));
    }
    if (template.path() == null || template.path().isEmpty()) {
      problems.add(new FieldProblem("path", "is required"));
    } else {
      add(problems, "path", PathRules.problemWithTemplate(template.path()));
    }
    body(problems, template.body(), true);
    return List.copyOf(problems);
  }

  static List<FieldProblem> action(RenderedAction action, String provider) {
    List<FieldProblem> problems = new ArrayList<>();
    if (!action.method().equals("POST")) {
      problems.add(new FieldProblem("method", "must be POST for " + provider));
    }
    if (!action.headers().isEmpty()) {
      problems.add(new FieldProblem("headers", "cannot be given for " + provider));
    }
    add(problems, "path", PathRules.problemWithRendered(action.path()));
    body(problems, action.body(), false);
    return List.copyOf(problems);
  }

  /** A template's body may be one placeholder, which becomes an object later. */
  private static void body(
      List<FieldProblem> problems, @Nullable JsonNode body, boolean isTemplate) {
    boolean placeholder = isTemplate && body != null && body.isTextual();
    if (body != null && !body.isNull() && !body.isObject() && !placeholder) {
      problems.add(new FieldProblem("body", "must be an object"));
    }
  }

  private static void add(List<FieldProblem> problems, String field, @Nullable String message) {
    if (message != null) {
      problems.add(new FieldProblem(field, message));
    }
  }
}
