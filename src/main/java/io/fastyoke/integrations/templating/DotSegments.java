package io.fastyoke.integrations.templating;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds out whether a segment of a path could lead a receiver somewhere else.
 *
 * <p>Many receivers decode a path before they resolve its dot segments, some decode it twice, take
 * a backslash for a slash (WHATWG URL, section 4.4), drop {@code ;parameters} or spaces at the end,
 * or read what is no valid UTF-8. So a segment is judged by all that it may become: <code>
 * a%2F..%2Fb</code> is three parts to them, of which one leads upwards.
 */
public final class DotSegments {
  /** No server decodes a path as often as this. */
  private static final int MAX_ROUNDS = 16;

  private static final Pattern ESCAPE = Pattern.compile("%(?:[uU]00)?([0-9A-Fa-f]{2})");

  /** Forms of UTF-8 that are longer than allowed (RFC 3629, section 3), byte by byte. */
  private static final Pattern LONG_DOT = Pattern.compile("\\u00C0\\u00AE|\\u00E0\\u0080\\u00AE");

  private static final Pattern LONG_SLASH = Pattern.compile("\\u00C0\\u00AF|\\u00E0\\u0080\\u00AF");
  private static final Pattern LONG_BACKSLASH = Pattern.compile("\\u00C1\\u009C");

  private static final String ENDS = ";?#\u0000";

  private DotSegments() {}

  /**
   * Whether a part of the segment is {@code .} or {@code ..} to anybody.
   *
   * @param segment what stands between two slashes, percent-encoded
   */
  public static boolean within(String segment) {
    if (isPlain(segment)) {
      return false;
    }
    String text = segment;
    for (int round = 0; round < MAX_ROUNDS; round++) {
      if (hasDotPart(text)) {
        return true;
      }
      String decoded = decoded(text);
      if (decoded.equals(text)) {
        return false;
      }
      text = decoded;
    }
    return hasDotPart(text);
  }

  /** Nothing that anybody could decode, drop or resolve: what nearly all segments are. */
  private static boolean isPlain(String segment) {
    return !segment.startsWith(".")
        && segment.indexOf('%') < 0
        && segment.indexOf('\\') < 0
        && segment.indexOf(';') < 0;
  }

  /** Each byte as one character. */
  private static String decoded(String text) {
    Matcher escapes = ESCAPE.matcher(text);
    StringBuilder out = new StringBuilder(text.length());
    while (escapes.find()) {
      char c = (char) Integer.parseInt(escapes.group(1), 16);
      escapes.appendReplacement(out, Matcher.quoteReplacement(String.valueOf(c)));
    }
    String once = escapes.appendTail(out).toString();
    String dotted = LONG_DOT.matcher(once).replaceAll(".");
    String slashed = LONG_SLASH.matcher(dotted).replaceAll("/");
    return LONG_BACKSLASH.matcher(slashed).replaceAll("/");
  }

  private static boolean hasDotPart(String text) {
    int start = 0;
    for (int i = 0; i <= text.length(); i++) {
      if (i == text.length() || text.charAt(i) == '/' || text.charAt(i) == '\\') {
        if (isDots(text, start, i)) {
          return true;
        }
        start = i + 1;
      }
    }
    return false;
  }

  /** Without what may be dropped: parameters, what looks like a query, spaces and controls. */
  private static boolean isDots(String text, int start, int end) {
    int from = start;
    int to = from;
    while (to < end && ENDS.indexOf(text.charAt(to)) < 0) {
      to++;
    }
    while (from < to && text.charAt(from) <= ' ') {
      from++;
    }
    while (to > from && text.charAt(to - 1) <= ' ') {
      to--;
    }
    return to - from > 0
        && to - from <= 2
        && text.charAt(from) == '.'
        && text.charAt(to - 1) == '.';
  }
}
