package io.fastyoke.integrations.templating;

import java.util.ArrayList;
import java.util.List;

/**
 * A string taken apart: literal text and placeholders, in order.
 *
 * @param parts no two literals in a row, none empty
 */
record TemplateText(List<Part> parts) {
  private static final String OPEN = "{{";
  private static final String CLOSE = "}}";

  /** A piece of a {@link TemplateText}. */
  sealed interface Part permits Literal, Placeholder {}

  /** Text that stands for itself; escapes are resolved. */
  record Literal(String text) implements Part {}

  /**
   * Takes a string apart. Closing braces without opening ones are literal text. Backslashes have a
   * meaning only directly before opening braces: two of them are one backslash, and one that is
   * left over makes the braces literal, as in most languages with escapes.
   *
   * @throws TemplateException if a placeholder is malformed or not closed, or the text is not valid
   *     Unicode
   */
  static TemplateText of(String source) {
    if (hasLoneSurrogate(source)) {
      throw new TemplateException("The template contains text that is not valid Unicode.");
    }
    List<Part> parts = new ArrayList<>();
    StringBuilder literal = new StringBuilder();
    int at = 0;
    for (int open = source.indexOf(OPEN); open >= 0; open = source.indexOf(OPEN, at)) {
      int backslashes = backslashesBefore(source, at, open);
      literal.append(source, at, open - backslashes + backslashes / 2);
      if (backslashes % 2 == 1) {
        literal.append(OPEN);
        at = open + OPEN.length();
      } else {
        flush(literal, parts);
        int close = closing(source, open);
        parts.add(Placeholder.of(source.substring(open + OPEN.length(), close), open));
        at = close + CLOSE.length();
      }
    }
    flush(literal.append(source, at, source.length()), parts);
    return new TemplateText(List.copyOf(parts));
  }

  private static int backslashesBefore(String source, int from, int open) {
    int first = open;
    while (first > from && source.charAt(first - 1) == '\\') {
      first--;
    }
    return open - first;
  }

  private static int closing(String source, int open) {
    int close = source.indexOf(CLOSE, open);
    if (close < 0) {
      throw new TemplateException(
          "The placeholder at character " + (open + 1) + " is not closed with }}.");
    }
    return close;
  }

  private static void flush(StringBuilder literal, List<Part> parts) {
    if (!literal.isEmpty()) {
      parts.add(new Literal(literal.toString()));
      literal.setLength(0);
    }
  }

  /** Whether the whole string is one placeholder, which then keeps its JSON type. */
  boolean isOnePlaceholder() {
    return parts.size() == 1 && parts.get(0) instanceof Placeholder;
  }

  /** Whether UTF-16 text has half a surrogate pair, which UTF-8 cannot express. */
  static boolean hasLoneSurrogate(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isHighSurrogate(c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        i++;
      } else if (Character.isSurrogate(c)) {
        return true;
      }
    }
    return false;
  }
}
