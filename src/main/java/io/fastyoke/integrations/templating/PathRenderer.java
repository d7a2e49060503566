package io.fastyoke.integrations.templating;

import io.fastyoke.integrations.templating.JsonText.Place;
import io.fastyoke.integrations.templating.TemplateText.Literal;
import io.fastyoke.integrations.templating.TemplateText.Part;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Renders a path and query: literal text as RFC 3986 allows it (section 3.3 and 3.4), values with
 * everything but unreserved characters encoded (section 2.3), so that a value stays within its
 * segment or query value.
 */
final class PathRenderer {
  /** The limit of common servers for a request line. */
  static final int MAX_CHARS = 8 * 1024;

  private static final Pattern LITERAL =
      Pattern.compile("(?:[A-Za-z0-9\\-._~!$&'()*+,;=:@/?]|%[0-9A-Fa-f]{2})*+");
  private static final Pattern PARAMETERS = Pattern.compile(";.*+");

  private final Resolver resolver;
  private final StringBuilder out = new StringBuilder();
  private int segmentStart;
  private boolean inQuery;
  private @Nullable Placeholder inSegment;

  PathRenderer(Resolver resolver) {
    this.resolver = resolver;
  }

  String render(TemplateText template) {
    if (template.parts().isEmpty()) {
      throw new TemplateException("The path is empty.");
    }
    if (!(template.parts().get(0) instanceof Literal first) || !first.text().startsWith("/")) {
      literal("/");
    }
    Iterator<Place> places = UrlPlaces.places(template).iterator();
    for (Part part : template.parts()) {
      if (part instanceof Literal literal) {
        literal(literal.text());
      } else {
        value((Placeholder) part, places.next());
      }
      if (out.length() > MAX_CHARS) {
        throw new TemplateException("The path is longer than " + MAX_CHARS + " characters.");
      }
    }
    endPath();
    return out.toString();
  }

  private void literal(String text) {
    if (!LITERAL.matcher(text).matches()) {
      throw new TemplateException(
          "The path may hold letters, digits, / ? and -._~!$&'()*+,;=:@ besides placeholders;"
              + " anything else has to be percent-encoded.");
    }
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '?') {
        endPath();
      } else if (c == '/' && !inQuery) {
        endSegment();
      }
      out.append(c);
    }
  }

  private void value(Placeholder placeholder, Place place) {
    if (!inQuery) {
      inSegment = placeholder;
    }
    String value = place.fill(placeholder, resolver);
    PercentEncoding.append(out, value.getBytes(StandardCharsets.UTF_8), "");
  }

  /** The last segment may be empty if it is written so: a path may end with a slash. */
  private void endPath() {
    if (!inQuery && (inSegment != null || out.length() > segmentStart)) {
      endSegment();
    }
    inQuery = true;
  }

  private void endSegment() {
    if (out.length() > 0) {
      checkSegment(out.substring(segmentStart));
    }
    segmentStart = out.length() + 1;
    inSegment = null;
  }

  // Servers decode %2e before they resolve dots, and some drop ;parameters before that.
  private void checkSegment(String encoded) {
    boolean named = !PARAMETERS.matcher(encoded).replaceFirst("").isEmpty();
    if (named && !DotSegments.within(encoded)) {
      return;
    }
    String problem = named ? "has a part that is \".\" or \"..\"" : "is empty";
    throw inSegment == null
        ? new TemplateException("A segment of the path " + problem + ".")
        : TemplateException.of(
            inSegment, "leaves its segment of the path, which then " + problem + ".");
  }
}
