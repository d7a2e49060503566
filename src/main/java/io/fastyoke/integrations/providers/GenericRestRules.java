package io.fastyoke.integrations.providers;

import com.fasterxml.jackson.databind.JsonNode;
import io.fastyoke.integrations.egress.RequestCheck;
import io.fastyoke.integrations.errors.FieldProblem;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Actions of tenants' own endpoints. */
final class GenericRestRules {
  private final List<FieldProblem> problems = new ArrayList<>();

  private GenericRestRules() {}

  static List<FieldProblem> template(ActionTemplate template) {
    GenericRestRules rules = new GenericRestRules();
    rules.method(template.method() == null ? "POST" : template.method(), template.body());
    if (template.path() != null && !template.path().isEmpty()) {
      rules.add("path", PathRules.problemWithTemplate(template.path()));
    }
    Set<String> seen = already(Set.of());
    template.headers().forEach((name, value) -> rules.header(name, value, seen));
    rules.count(template.headers().size());
    return List.copyOf(rules.problems);
  }

  /**
   * @param taken the headers that the credential sets
   */
  static List<FieldProblem> action(RenderedAction action, Collection<String> taken) {
    GenericRestRules rules = new GenericRestRules();
    rules.method(action.method(), action.body());
    if (!action.path().isEmpty()) {
      rules.add("path", PathRules.problemWithRendered(action.path()));
    }
    Set<String> seen = already(taken);
    action.headers().forEach(header -> rules.header(header.getKey(), header.getValue(), seen));
    rules.count(action.headers().size());
    return List.copyOf(rules.problems);
  }

  private void method(String method, @Nullable JsonNode body) {
    if (!RequestCheck.METHODS.contains(method)) {
      add("method", "must be POST, PUT, PATCH, DELETE or GET");
    } else if (method.equals("GET") && body != null && !body.isNull()) {
      add("body", "cannot be given with GET");
    }
  }

  private static Set<String> already(Collection<String> taken) {
    Set<String> seen = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    seen.addAll(taken);
    return seen;
  }

  private void header(String name, String value, Set<String> seen) {
    String field = "headers." + name;
    String message = HeaderRules.problemWithName(name);
    if (message == null) {
      message = HeaderRules.problemWithValue(value);
    }
    if (message == null && !seen.add(name)) {
      message = "is given twice, or is set by the connection";
    }
    add(field, message);
  }

  private void count(int headers) {
    if (headers > HeaderRules.MAX_HEADERS) {
      add("headers", "must have at most " + HeaderRules.MAX_HEADERS + " entries");
    }
  }

  private void add(String field, @Nullable String message) {
    if (message != null) {
      problems.add(new FieldProblem(field, message));
    }
  }
}
