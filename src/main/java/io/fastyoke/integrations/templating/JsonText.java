package io.fastyoke.integrations.templating;

import io.fastyoke.integrations.templating.TemplateText.Literal;
import io.fastyoke.integrations.templating.TemplateText.Part;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Decides how values are written into a text that may itself be JSON, such as Twilio's {@code
 * ContentVariables}. Such a text is one that, with its placeholders filled in, is a JSON array or
 * JSON objects one after the other, or would be one to a reader that is not strict. In it no value
 * may end the string in which it stands, nor add a member.
 */
final class JsonText {
  /** Texts within texts; each of them doubles the backslashes that a quote needs. */
  private static final int MAX_LEVELS = 4;

  // What placeholders are filled in with: a value, a name, and a letter that may also follow \.
  private static final String VALUE = "0";

  /** Also a number when two of them touch; in an array that would rather be a text in brackets. */
  private static final String VALUE_IN_OBJECT = "1";

  private static final String NAME = "\"0\"";
  private static final String LETTER = "b";

  private static final Pattern BLANKS =
      Pattern.compile("^[\\s\\p{Z}\\uFEFF]++|[\\s\\p{Z}\\uFEFF]++$");

  /** A string may not hold them as they are, but texts do, and there are readers that take them. */
  private static final Pattern CONTROL = Pattern.compile("[\\x00-\\x1F]");

  private final List<Part> parts;
  private final StringBuilder filled = new StringBuilder();

  /** The strings that hold placeholders, taken apart; for a placeholder outside, an empty one. */
  private final List<List<Part>> holders = new ArrayList<>();

  private List<Part> string = new ArrayList<>();
  private boolean inString;
  private boolean afterBackslash;
  private boolean splitsEscape;

  private JsonText(List<Part> parts) {
    this.parts = parts;
  }

  /**
   * How a value is written.
   *
   * @param typed as a JSON value of its own type, not as text
   * @param escapes how often the result is escaped as in a JSON string
   */
  record Place(boolean typed, int escapes) {
    private static final Place PLAIN = new Place(false, 0);

    String fill(Placeholder placeholder, Resolver resolver) {
      String value = typed ? resolver.json(placeholder) : resolver.text(placeholder);
      for (int i = 0; i < escapes; i++) {
        value = Json.escaped(value);
      }
      return value;
    }
  }

  /**
   * One place for each placeholder of a text, in order.
   *
   * @throws TemplateException if a placeholder of a JSON text stands in the middle of an escape, or
   *     too many texts are within each other
   */
  static List<Place> places(TemplateText text) {
    return places(text.parts(), 0);
  }

  private static List<Place> places(List<Part> parts, int level) {
    int placeholders = (int) parts.stream().filter(Placeholder.class::isInstance).count();
    if (placeholders > 0 && mayBeJson(parts)) {
      JsonText text = new JsonText(parts);
      text.scan();
      if (Json.isArrayOrObjects(withoutBlanks(text.filled.toString()))) {
        return text.places(level + 1);
      }
    }
    return Collections.nCopies(placeholders, Place.PLAIN);
  }

  private static boolean mayBeJson(List<Part> parts) {
    if (!(parts.get(0) instanceof Literal first)
        || !(parts.get(parts.size() - 1) instanceof Literal last)) {
      return false;
    }
    String start = withoutBlanks(first.text());
    String end = withoutBlanks(last.text());
    return (start.startsWith("{") || start.startsWith("["))
        && (end.endsWith("}") || end.endsWith("]"));
  }

  /** At its ends; many who read JSON pass over more than JSON's own white space. */
  private static String withoutBlanks(String text) {
    return BLANKS.matcher(text).replaceAll("");
  }

  private void scan() {
    boolean object = withoutBlanks(((Literal) parts.get(0)).text()).startsWith("{");
    String value = object ? VALUE_IN_OBJECT : VALUE;
    for (int i = 0; i < parts.size(); i++) {
      if (parts.get(i) instanceof Literal literal) {
        literal(literal.text());
      } else if (inString) {
        splitsEscape |= afterBackslash;
        afterBackslash = false;
        string.add(parts.get(i));
        filled.append(LETTER);
      } else {
        holders.add(List.of());
        filled.append(isName(i) ? NAME : value);
      }
    }
  }

  private boolean isName(int placeholder) {
    return parts.get(placeholder + 1) instanceof Literal next
        && next.text().stripLeading().startsWith(":");
  }

  private void literal(String text) {
    filled.append(text);
    int from = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (inString && afterBackslash) {
        afterBackslash = false;
      } else if (inString && c == '\\') {
        afterBackslash = true;
      } else if (c == '"') {
        if (inString) {
          endString(text.substring(from, i));
        }
        inString = !inString;
        from = i + 1;
      }
    }
    if (inString && from < text.length()) {
      string.add(new Literal(text.substring(from)));
    }
  }

  private void endString(String rest) {
    if (!string.isEmpty()) {
      string.add(new Literal(rest));
      if (string.stream().anyMatch(Placeholder.class::isInstance)) {
        holders.add(string);
      }
      string = new ArrayList<>();
    }
  }

  private List<Place> places(int level) {
    if (splitsEscape) {
      throw new TemplateException(
          "A placeholder of JSON inside a text stands directly behind a backslash.");
    }
    if (level > MAX_LEVELS) {
      throw new TemplateException(
          "The template has JSON inside the text of JSON more than " + MAX_LEVELS + " times.");
    }
    List<Place> places = new ArrayList<>();
    for (List<Part> holder : holders) {
      if (holder.isEmpty()) {
        places.add(new Place(true, 0));
      } else {
        places(unescaped(holder), level)
            .forEach(place -> places.add(new Place(place.typed(), place.escapes() + 1)));
      }
    }
    return places;
  }

  private static List<Part> unescaped(List<Part> string) {
    List<Part> parts = new ArrayList<>();
    for (Part part : string) {
      if (!(part instanceof Literal literal)) {
        parts.add(part);
      } else if (!literal.text().isEmpty()) {
        parts.add(new Literal(unescaped(literal.text())));
      }
    }
    return parts;
  }

  private static String unescaped(String text) {
    String strict =
        CONTROL.matcher(text).replaceAll(c -> "\\\\u%04x".formatted((int) c.group().charAt(0)));
    try {
      return Json.parse('"' + strict + '"').textValue();
    } catch (MalformedJsonException e) {
      throw new TemplateException("A placeholder stands in the middle of a character.");
    }
  }
}
