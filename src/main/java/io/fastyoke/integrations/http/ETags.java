package io.fastyoke.integrations.http;

import jakarta.ws.rs.core.HttpHeaders;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Strong entity tags made of a row's version (RFC 9110, sections 8.8.3 and 13.1.1). */
public final class ETags {
  /** Possessive quantifiers: with backtracking, long runs of blanks would take quadratic time. */
  private static final Pattern LIST_ELEMENT =
      Pattern.compile("\\G\\s*+((?:W/)?\"[\\x21\\x23-\\x7e\\x80-\\xff]*+\")?+\\s*+(,|$)");

  private ETags() {}

  /** The tag of a version, such as {@code "3"} with its quotes. */
  public static String of(long version) {
    return "\"" + version + "\"";
  }

  /** The {@code If-Match} of a request, its lines joined by commas; null when there is none. */
  public static @Nullable String ifMatch(HttpHeaders headers) {
    List<String> lines = headers.getRequestHeader(HttpHeaders.IF_MATCH);
    return lines == null || lines.isEmpty() ? null : String.join(", ", lines);
  }

  /**
   * Whether a request with this {@code If-Match} may change the given version. A malformed header
   * matches nothing: the client set a condition, so ignoring it would be wrong. Weak tags never
   * match.
   *
   * @param ifMatch the header (several lines joined by commas), or null when absent
   */
  public static boolean matches(@Nullable String ifMatch, long version) {
    if (ifMatch == null || ifMatch.strip().equals("*")) {
      return true;
    }
    String wanted = of(version);
    Matcher element = LIST_ELEMENT.matcher(ifMatch);
    while (element.find()) {
      if (wanted.equals(element.group(1))) {
        return true;
      }
      if (element.end() == ifMatch.length()) {
        return false;
      }
    }
    return false;
  }
}
