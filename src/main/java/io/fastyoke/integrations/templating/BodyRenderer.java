package io.fastyoke.integrations.templating;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.fastyoke.integrations.templating.JsonText.Place;
import io.fastyoke.integrations.templating.TemplateText.Literal;
import io.fastyoke.integrations.templating.TemplateText.Part;
import java.util.Iterator;
import java.util.Set;
import java.util.function.Function;

/** Renders the string values inside a JSON tree; keys and everything else stay as they are. */
final class BodyRenderer {
  private final JsonNodeFactory nodes = JsonNodeFactory.instance;
  private final Resolver resolver;

  BodyRenderer(Resolver resolver) {
    this.resolver = resolver;
  }

  /**
   * Renders a whole body.
   *
   * @param xml its keys whose longer texts are XML
   */
  JsonNode render(JsonNode template, Set<String> xml) {
    JsonNode body = render(template, Json.MAX_DEPTH);
    if (body instanceof ObjectNode object) {
      for (String key : xml) {
        if (template.get(key) instanceof TextNode text) {
          object.set(key, xml(TemplateText.of(text.textValue()), object.get(key)));
        }
      }
    }
    return body;
  }

  /** A text that is one placeholder is what the tenant wants it to be, also XML. */
  private JsonNode xml(TemplateText text, JsonNode rendered) {
    return text.isOnePlaceholder()
        ? rendered
        : nodes.textNode(joined(text, placeholder -> XmlText.escaped(resolver.text(placeholder))));
  }

  private static String joined(TemplateText text, Function<Placeholder, String> value) {
    StringBuilder rendered = new StringBuilder();
    for (Part part : text.parts()) {
      rendered.append(
          part instanceof Literal literal ? literal.text() : value.apply((Placeholder) part));
    }
    return rendered.toString();
  }

  /**
   * Renders a node and what is below it.
   *
   * @param levelsLeft levels of arrays and objects that are left
   */
  private JsonNode render(JsonNode template, int levelsLeft) {
    if (template.isTextual()) {
      return string(TemplateText.of(template.textValue()), levelsLeft);
    }
    if (!template.isContainerNode()) {
      return template;
    }
    if (levelsLeft == 0) {
      throw new TemplateException(
          "The template is nested deeper than " + Json.MAX_DEPTH + " levels.");
    }
    return template instanceof ObjectNode object
        ? object(object, levelsLeft - 1)
        : array(template, levelsLeft - 1);
  }

  private JsonNode object(ObjectNode template, int levelsLeft) {
    ObjectNode object = nodes.objectNode();
    template
        .properties()
        .forEach(field -> object.set(key(field.getKey()), render(field.getValue(), levelsLeft)));
    return object;
  }

  private JsonNode array(JsonNode template, int levelsLeft) {
    ArrayNode array = nodes.arrayNode(template.size());
    template.elements().forEachRemaining(element -> array.add(render(element, levelsLeft)));
    return array;
  }

  private JsonNode string(TemplateText text, int levelsLeft) {
    if (text.isOnePlaceholder()) {
      return resolver.typed((Placeholder) text.parts().get(0), levelsLeft);
    }
    Iterator<Place> places = JsonText.places(text).iterator();
    return nodes.textNode(joined(text, placeholder -> places.next().fill(placeholder, resolver)));
  }

  private static String key(String key) {
    if (TemplateText.hasLoneSurrogate(key)) {
      throw new TemplateException("A key of the template is not valid Unicode.");
    }
    return key;
  }
}
