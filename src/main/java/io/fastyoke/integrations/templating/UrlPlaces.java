package io.fastyoke.integrations.templating;

import io.fastyoke.integrations.templating.JsonText.Place;
import io.fastyoke.integrations.templating.TemplateText.Literal;
import io.fastyoke.integrations.templating.TemplateText.Part;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Decides how values are written into a path and query: plainly, but for those in a query value
 * that is JSON once it is decoded, such as {@code ?filter=%7B%22id%22%3A%22{{job.id}}%22%7D}.
 */
final class UrlPlaces {
  private static final String SEPARATORS = "&=";

  private final List<Place> places = new ArrayList<>();
  private List<Part> value = new ArrayList<>();
  private boolean inQuery;

  private UrlPlaces() {}

  /**
   * One place for each placeholder, in order.
   *
   * @throws TemplateException as {@link JsonText#places(TemplateText)}
   */
  static List<Place> places(TemplateText template) {
    UrlPlaces query = new UrlPlaces();
    for (Part part : template.parts()) {
      if (part instanceof Literal literal) {
        query.literal(literal.text());
      } else {
        query.value.add(part);
      }
    }
    query.endValue();
    return query.places;
  }

  private void literal(String text) {
    int from = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (inQuery ? SEPARATORS.indexOf(c) >= 0 : c == '?') {
        add(text.substring(from, i));
        endValue();
        inQuery = true;
        from = i + 1;
      }
    }
    add(text.substring(from));
  }

  private void add(String encoded) {
    String decoded = inQuery ? decoded(encoded) : encoded;
    if (!decoded.isEmpty()) {
      value.add(new Literal(decoded));
    }
  }

  private void endValue() {
    places.addAll(JsonText.places(new TemplateText(value)));
    value = new ArrayList<>();
  }

  /** What is not valid is refused elsewhere. */
  private static String decoded(String encoded) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(encoded.length());
    for (int i = 0; i < encoded.length(); i++) {
      char c = encoded.charAt(i);
      boolean escape = c == '%' && i + 2 < encoded.length();
      int value = escape ? hex(encoded, i + 1) : -1;
      if (value >= 0) {
        bytes.write(value);
        i += 2;
      } else {
        bytes.write(c == '+' ? ' ' : c);
      }
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }

  private static int hex(String text, int at) {
    int high = Character.digit(text.charAt(at), 16);
    int low = Character.digit(text.charAt(at + 1), 16);
    return high < 0 || low < 0 ? -1 : 16 * high + low;
  }
}
