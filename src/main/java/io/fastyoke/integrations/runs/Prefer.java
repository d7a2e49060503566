package io.fastyoke.integrations.runs;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The {@code wait} preference. A preference that cannot be honoured is ignored, as the RFC says.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7240#section-4.3">RFC 7240, 4.3</a>
 */
final class Prefer {
  private static final int MAX_SECONDS = 30;

  private static final Pattern WAIT =
      Pattern.compile("wait\\s*=\\s*(?:\"0*(\\d{1,18})\"|0*(\\d{1,18}))", Pattern.CASE_INSENSITIVE);

  private static final Pattern NAME = Pattern.compile("wait\\s*(?:=.*)?", Pattern.CASE_INSENSITIVE);

  private Prefer() {}

  /**
   * How long to wait: zero for not at all, at most 30 s.
   *
   * @param lines the header's; several are one list, of whose {@code wait} the first counts
   */
  static Duration wait(List<String> lines) {
    for (String part : parts(String.join(", ", lines))) {
      if (NAME.matcher(part).matches()) {
        Matcher wait = WAIT.matcher(part);
        return wait.matches()
            ? seconds(wait.group(1) == null ? wait.group(2) : wait.group(1))
            : Duration.ZERO;
      }
    }
    return Duration.ZERO;
  }

  private static Duration seconds(String digits) {
    return Duration.ofSeconds(Math.min(MAX_SECONDS, Long.parseLong(digits)));
  }

  /** Preferences and their parameters; a quoted string is not split. */
  private static List<String> parts(String header) {
    List<String> parts = new ArrayList<>();
    boolean quoted = false;
    int start = 0;
    for (int i = 0; i < header.length(); i++) {
      char c = header.charAt(i);
      if (quoted && c == '\\') {
        i++;
      } else if (c == '"') {
        quoted = !quoted;
      } else if (!quoted && (c == ',' || c == ';')) {
        parts.add(header.substring(start, i).strip());
        start = i + 1;
      }
    }
    parts.add(header.substring(start).strip());
    return parts;
  }
}
