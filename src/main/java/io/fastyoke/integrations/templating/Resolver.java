package io.fastyoke.integrations.templating;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import java.nio.charset.StandardCharsets;

/**
 * Finds the values of placeholders for one rendering, and refuses what is missing or too large.
 *
 * <p>What is taken counts against a budget, so that a short template that names a long value many
 * times stays bounded while it is rendered, not only when the result is measured.
 */
final class Resolver {
  /** One value, in UTF-8. */
  static final int MAX_VALUE_BYTES = 64 * 1024;

  private final Variables variables;
  private int budget;

  Resolver(Variables variables, int budget) {
    this.variables = variables;
    this.budget = budget;
  }

  /**
   * The value with its JSON type, as a copy.
   *
   * @param levelsLeft levels of arrays and objects that the value may have
   */
  JsonNode typed(Placeholder placeholder, int levelsLeft) {
    JsonNode value = find(placeholder);
    checkShape(placeholder, value, levelsLeft);
    take(placeholder, size(value));
    return value.deepCopy();
  }

  /**
   * The value as text: scalars plainly, arrays and objects as compact JSON, null as nothing if the
   * placeholder is optional.
   */
  String text(Placeholder placeholder) {
    JsonNode value = find(placeholder);
    if (value.isNull() && !placeholder.optional()) {
      throw TemplateException.of(
          placeholder,
          "is null, which has no text; write {{" + placeholder.path() + "?}} to leave it empty.");
    }
    checkShape(placeholder, value, Json.MAX_DEPTH);
    take(placeholder, size(value));
    return plain(value);
  }

  /** The value as compact JSON, as it stands in a text that is JSON. */
  String json(Placeholder placeholder) {
    JsonNode value = find(placeholder);
    checkShape(placeholder, value, Json.MAX_DEPTH);
    take(placeholder, size(value));
    return Json.write(value);
  }

  private JsonNode find(Placeholder placeholder) {
    JsonNode value = variables.lookup(placeholder.path());
    if (value != null) {
      return value;
    }
    if (placeholder.optional()) {
      return NullNode.getInstance();
    }
    throw TemplateException.of(placeholder, "does not exist.");
  }

  private void take(Placeholder placeholder, int bytes) {
    if (bytes > MAX_VALUE_BYTES) {
      throw TemplateException.of(placeholder, "is larger than " + MAX_VALUE_BYTES + " bytes.");
    }
    if (bytes > budget) {
      throw TemplateException.of(placeholder, "makes the rendered template too large.");
    }
    budget -= bytes;
  }

  private static int size(JsonNode value) {
    return value.isTextual()
        ? value.textValue().getBytes(StandardCharsets.UTF_8).length
        : JsonSize.of(value, MAX_VALUE_BYTES);
  }

  private static String plain(JsonNode value) {
    if (value.isNull()) {
      return "";
    }
    return value.isContainerNode() ? Json.write(value) : value.asText();
  }

  private static void checkShape(Placeholder placeholder, JsonNode value, int levelsLeft) {
    if (value.isTextual()) {
      checkUnicode(placeholder, value.textValue());
    } else if (value.isContainerNode()) {
      if (levelsLeft == 0) {
        throw TemplateException.of(placeholder, "is nested too deep.");
      }
      value.fieldNames().forEachRemaining(name -> checkUnicode(placeholder, name));
      value
          .elements()
          .forEachRemaining(element -> checkShape(placeholder, element, levelsLeft - 1));
    }
  }

  private static void checkUnicode(Placeholder placeholder, String text) {
    if (TemplateText.hasLoneSurrogate(text)) {
      throw TemplateException.of(placeholder, "contains text that is not valid Unicode.");
    }
  }
}
