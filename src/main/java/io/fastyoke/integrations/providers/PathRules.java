package io.fastyoke.integrations.providers;

import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What may stand behind a base URL. Whatever the path, the host and the base path stay the same:
 * servers remove dot segments, and some decode {@code %2e} or drop {@code ;parameters} first.
 */
final class PathRules {
  private static final int LONGEST = 8192;
  private static final Pattern ENCODED =
      Pattern.compile("(?:[A-Za-z0-9\\-._~!$&'()*+,;=:@/?]|%[0-9A-Fa-f]{2})*+");
  private static final Pattern CONTROL = Pattern.compile("[\\x00-\\x1F\\x7F\\\\#]");
  private static final Pattern BAD_SEGMENT = Pattern.compile("/(?:\\.{1,2})?(?:;[^/]*)?/");

  private PathRules() {}

  /** What is wrong with a path that may still hold placeholders, or null. */
  static @Nullable String problemWithTemplate(String path) {
    if (!path.startsWith("/")) {
      return "must begin with /";
    }
    if (path.length() > LONGEST) {
      return "must have at most " + LONGEST + " characters";
    }
    return CONTROL.matcher(path).find() ? "must not hold \\, # or control characters" : null;
  }

  /** What is wrong with a rendered path, or null. */
  static @Nullable String problemWithRendered(String path) {
    if (!path.startsWith("/")) {
      return "must begin with /";
    }
    if (path.length() > LONGEST || !ENCODED.matcher(path).matches()) {
      return "must be percent-encoded and have at most " + LONGEST + " characters";
    }
    int query = path.indexOf('?');
    String pure = query < 0 ? path : path.substring(0, query);
    return hasBadSegment(pure) ? "must not have a segment that is empty, . or .." : null;
  }

  /** Neither empty segments nor such as begin with a dot, nor anything that could become one. */
  private static boolean isPlain(String path) {
    return !path.contains("//")
        && !path.contains("/.")
        && path.indexOf('%') < 0
        && path.indexOf(';') < 0;
  }

  /** An empty last segment is fine: a path may end with a slash. */
  static boolean hasBadSegment(String path) {
    if (isPlain(path)) {
      return false;
    }
    String dotted = path.toLowerCase(Locale.ROOT).replace("%2e", ".");
    boolean endsWithSlash = dotted.endsWith("/");
    return BAD_SEGMENT.matcher(endsWithSlash ? dotted : dotted + "/").find();
  }
}
