package io.fastyoke.integrations.runs;

import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The {@code wait} preference. A preference that cannot be honoured is ignored, as the RFC says.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7240#section-4.3">RFC 7240, 4.3</a>
 */
final class Prefer {
  private static final int LONGEST_SECONDS = 30;
  private static final Pattern WAIT =
      Pattern.compile(
          "(?:^|[,;])\\s*wait\\s*=\\s*\"?(\\d{1,9})\"?\\s*(?:$|[,;])", Pattern.CASE_INSENSITIVE);

  private Prefer() {}

  /**
   * How long to wait: zero for not at all, at most 30 s.
   *
   * @param lines the header's; several are one list, of whose preferences the first counts
   */
  static Duration wait(List<String> lines) {
    Matcher matcher = WAIT.matcher(String.join(", ", lines));
    return matcher.find()
        ? Duration.ofSeconds(Math.min(LONGEST_SECONDS, Integer.parseInt(matcher.group(1))))
        : Duration.ZERO;
  }
}
