package io.fastyoke.integrations.templating;

import com.fasterxml.jackson.databind.JsonNode;
import io.fastyoke.integrations.templating.JsonText.Place;
import io.fastyoke.integrations.templating.TemplateText.Part;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Collects all variables that would make a rendering fail because they have no value. */
final class MissingVariables {
  private final Variables variables;
  private final Set<String> missing = new LinkedHashSet<>();

  MissingVariables(Variables variables) {
    this.variables = variables;
  }

  /** Visits a node and all nodes below it. */
  void collect(JsonNode template, int levelsLeft) {
    if (template.isTextual()) {
      TemplateText text = TemplateText.of(template.textValue());
      collect(text, text.isOnePlaceholder());
    } else if (levelsLeft > 0) {
      template.elements().forEachRemaining(element -> collect(element, levelsLeft - 1));
    }
  }

  /**
   * Visits a string.
   *
   * @param nullable whether a JSON null can be written there
   */
  void collect(TemplateText text, boolean nullable) {
    collect(text, nullable, JsonText.places(text));
  }

  /** Visits a path, whose query may hold JSON. */
  void collectPath(TemplateText path) {
    collect(path, false, UrlPlaces.places(path));
  }

  private void collect(TemplateText text, boolean nullable, List<Place> all) {
    Iterator<Place> places = all.iterator();
    for (Part part : text.parts()) {
      if (part instanceof Placeholder placeholder) {
        boolean typed = places.next().typed();
        if (!placeholder.optional() && isMissing(placeholder, nullable || typed)) {
          missing.add(placeholder.path());
        }
      }
    }
  }

  private boolean isMissing(Placeholder placeholder, boolean nullable) {
    JsonNode value = variables.lookup(placeholder.path());
    return value == null || (value.isNull() && !nullable);
  }

  /** Each once, in the order of the template. */
  List<String> found() {
    return List.copyOf(missing);
  }
}
