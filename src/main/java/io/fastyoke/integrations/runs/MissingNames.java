package io.fastyoke.integrations.runs;

import com.fasterxml.jackson.databind.JsonNode;
import io.fastyoke.integrations.plan.PayloadTemplate;
import io.fastyoke.integrations.templating.Template;
import io.fastyoke.integrations.templating.TemplateException;
import io.fastyoke.integrations.templating.Variables;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Finds the variables that a template names and the request does not have. */
final class MissingNames {
  private MissingNames() {}

  /**
   * The names, each once. Empty if a placeholder is malformed, since the rest cannot be parsed
   * then.
   */
  static List<String> of(PayloadTemplate template, Variables variables) {
    try {
      return find(template, variables);
    } catch (TemplateException e) {
      return List.of();
    }
  }

  private static List<String> find(PayloadTemplate template, Variables variables) {
    Set<String> missing = new LinkedHashSet<>();
    if (template.path() != null) {
      missing.addAll(Template.missingInPath(template.path(), variables));
    }
    if (template.headers() != null) {
      template
          .headers()
          .values()
          .forEach(value -> missing.addAll(Template.missing(String.valueOf(value), variables)));
    }
    JsonNode body = template.body();
    if (body != null) {
      missing.addAll(Template.missing(body, variables));
    }
    return new ArrayList<>(missing);
  }
}
