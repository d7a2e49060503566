package io.fastyoke.integrations.templating;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code {{path}}} or {@code {{path?}}}.
 *
 * @param path dotted, such as {@code job.items.0.sku}; a step has no dot, brace, question mark,
 *     quote, backslash, whitespace or control character
 * @param optional whether it may be missing or null
 */
record Placeholder(String path, boolean optional) implements TemplateText.Part {
  private static final int MAX_LENGTH = 512;
  private static final String STEP = "[^.{}?\"'\\\\\\s\\p{Cntrl}]++";
  private static final Pattern INNER =
      Pattern.compile(
          "\\s*+(" + STEP + "(?:\\." + STEP + ")*+)\\s*+(\\?)?+\\s*+",
          Pattern.UNICODE_CHARACTER_CLASS);

  /**
   * Reads what stands between the braces.
   *
   * @param open index of the opening brace in its string, to say where
   * @throws TemplateException if that is no path
   */
  static Placeholder of(String inner, int open) {
    Matcher matcher = INNER.matcher(inner);
    if (inner.length() > MAX_LENGTH || !matcher.matches()) {
      throw new TemplateException(
          "The placeholder at character "
              + (open + 1)
              + " is malformed: between {{ and }} stands a variable such as job.id or job.id?,"
              + " and a literal {{ is written \\{{ (a backslash before a placeholder \\\\{{).");
    }
    return new Placeholder(matcher.group(1), matcher.group(2) != null);
  }
}
