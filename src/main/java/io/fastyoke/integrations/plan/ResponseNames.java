package io.fastyoke.integrations.plan;

import com.fasterxml.jackson.databind.JsonNode;
import io.fastyoke.integrations.templating.Template;
import io.fastyoke.integrations.templating.TemplateException;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The answers of other actions that a template names: {@code {{actions.0.response.body.id}}}. */
public final class ResponseNames {
  private static final String ROOT = "actions";
  private static final String OPEN = "{{";
  private static final Pattern NAME = Pattern.compile(ROOT + "\\.(0|[1-9][0-9]{0,8})(?:\\..*)?");

  private ResponseNames() {}

  /** The index of the action whose answer a variable names. */
  public static OptionalInt index(String variable) {
    Matcher name = NAME.matcher(variable);
    return name.matches() ? OptionalInt.of(Integer.parseInt(name.group(1))) : OptionalInt.empty();
  }

  /**
   * Whether a path leads to answers, but to none of them: {@code actions} and {@code actions.0} are
   * no variables, whatever is kept.
   */
  public static boolean isNone(String path) {
    return path.equals(ROOT)
        || (path.startsWith(ROOT + ".") && path.indexOf('.', ROOT.length() + 1) < 0);
  }

  /**
   * Hands over each field of a template that names an answer, such as {@code body.customer.id},
   * with the variable. What cannot be read names nothing: it fails when it is rendered.
   */
  public static void each(PayloadTemplate template, BiConsumer<String, String> named) {
    text("path", template.path(), named);
    Map<String, @Nullable String> headers = template.headers();
    if (headers != null) {
      headers.forEach((name, value) -> text("headers." + name, value, named));
    }
    JsonNode body = template.body();
    if (body != null && mayName(body)) {
      node("body", body, named);
    }
  }

  /** Whether a template names the answer of an action. */
  static boolean names(PayloadTemplate template, int action) {
    boolean[] found = {false};
    each(template, (field, variable) -> found[0] |= index(variable).orElse(-1) == action);
    return found[0];
  }

  private static void node(String field, JsonNode node, BiConsumer<String, String> named) {
    if (node.isTextual()) {
      text(field, node.textValue(), named);
    } else if (node.isObject()) {
      for (Map.Entry<String, JsonNode> entry : node.properties()) {
        node(field + "." + entry.getKey(), entry.getValue(), named);
      }
    } else {
      for (int i = 0; i < node.size(); i++) {
        node(field + "." + i, node.get(i), named);
      }
    }
  }

  /** Hardly any body names an answer, and then no path of its fields is made. */
  private static boolean mayName(JsonNode node) {
    if (node.isTextual()) {
      return mayName(node.textValue());
    }
    for (JsonNode child : node) {
      if (mayName(child)) {
        return true;
      }
    }
    return false;
  }

  private static boolean mayName(String text) {
    return text.contains(OPEN) && text.contains(ROOT);
  }

  private static void text(String field, @Nullable String text, BiConsumer<String, String> named) {
    if (text == null || !mayName(text)) {
      return;
    }
    try {
      for (String variable : Template.names(text)) {
        if (index(variable).isPresent()) {
          named.accept(field, variable);
        }
      }
    } catch (TemplateException malformed) {
      // It says so when it is rendered.
    }
  }
}
