package io.fastyoke.integrations.providers;

import io.fastyoke.integrations.templating.DotSegments;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Rules for paths behind a base URL. Whatever the path, the host and the base path stay the same:
 * servers remove dot segments, and some decode escapes or drop {@code ;parameters} first.
 */
final class PathRules {
  private static final int MAX_CHARS = 8192;
  private static final Pattern ENCODED =
      Pattern.compile("(?:[A-Za-z0-9\\-._~!$&'()*+,;=:@/?]|%[0-9A-Fa-f]{2})*+");
  private static final Pattern CONTROL = Pattern.compile("[\\x00-\\x1F\\x7F\\\\#]");

  private PathRules() {}

  /** What is wrong with a path that may still hold placeholders, or null. */
  static @Nullable String problemWithTemplate(String path) {
    if (path.length() > MAX_CHARS) {
      return "must have at most " + MAX_CHARS + " characters";
    }
    return CONTROL.matcher(path).find() ? "must not hold \\, # or control characters" : null;
  }

  /** What is wrong with a rendered path, or null. */
  static @Nullable String problemWithRendered(String path) {
    if (!path.startsWith("/")) {
      return "must begin with /";
    }
    if (path.length() > MAX_CHARS || !ENCODED.matcher(path).matches()) {
      return "must be percent-encoded and have at most " + MAX_CHARS + " characters";
    }
    int query = path.indexOf('?');
    String pure = query < 0 ? path : path.substring(0, query);
    return hasBadSegment(pure) ? "must not have a segment that is empty, . or .." : null;
  }

  /** An empty last segment is fine: a path may end with a slash. */
  static boolean hasBadSegment(String path) {
    int start = 1;
    for (int slash = path.indexOf('/', start); slash >= 0; slash = path.indexOf('/', start)) {
      if (isBad(path.substring(start, slash))) {
        return true;
      }
      start = slash + 1;
    }
    return start < path.length() && isBad(path.substring(start));
  }

  private static boolean isBad(String segment) {
    return segment.isEmpty() || segment.startsWith(";") || DotSegments.within(segment);
  }
}
