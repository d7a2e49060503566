package io.fastyoke.integrations.templating;

import io.fastyoke.integrations.templating.JsonText.Place;
import io.fastyoke.integrations.templating.TemplateText.Literal;
import io.fastyoke.integrations.templating.TemplateText.Part;
import java.util.Iterator;
import java.util.regex.Pattern;

/** Renders the value of a header; anything that could end it is refused, not removed. */
final class HeaderRenderer {
  /** The limit of common servers for one header. */
  static final int MAX_CHARS = 8 * 1024;

  /** A token of RFC 9110, section 5.6.2. */
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9!#$%&'*+\\-.^_`|~]{1,256}");

  /** Field content of RFC 9110, section 5.5, without its obsolete bytes above ASCII. */
  private static final Pattern VALUE = Pattern.compile("[\\t\\x20-\\x7E]*+");

  private final String name;
  private final Resolver resolver;

  /**
   * @throws TemplateException if the name is no name of a header
   */
  HeaderRenderer(String name, Resolver resolver) {
    if (!NAME.matcher(name).matches()) {
      throw new TemplateException("The name of a header is not valid.");
    }
    this.name = name;
    this.resolver = resolver;
  }

  String render(TemplateText template) {
    Iterator<Place> places = JsonText.places(template).iterator();
    StringBuilder out = new StringBuilder();
    for (Part part : template.parts()) {
      out.append(
          part instanceof Literal literal
              ? literal(literal)
              : value((Placeholder) part, places.next()));
      if (out.length() > MAX_CHARS) {
        throw new TemplateException(
            "The header " + name + " is longer than " + MAX_CHARS + " characters.");
      }
    }
    return out.toString();
  }

  private String literal(Literal literal) {
    if (!VALUE.matcher(literal.text()).matches()) {
      throw new TemplateException(
          "The header " + name + " may hold visible ASCII characters, spaces and tabs only.");
    }
    return literal.text();
  }

  private String value(Placeholder placeholder, Place place) {
    String value = place.fill(placeholder, resolver);
    if (!VALUE.matcher(value).matches()) {
      throw TemplateException.of(
          placeholder,
          "cannot stand in the header "
              + name
              + ": it has other characters than visible ASCII, spaces and tabs.");
    }
    return value;
  }
}
