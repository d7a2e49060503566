package io.fastyoke.integrations.runs;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

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

  /** How long to wait: zero for not at all, at most 30 s. */
  static Duration wait(@Nullable String prefer) {
    Matcher matcher = WAIT.matcher(prefer == null ? "" : prefer);
    return matcher.find()
        ? Duration.ofSeconds(Math.min(LONGEST_SECONDS, Integer.parseInt(matcher.group(1))))
        : Duration.ZERO;
  }
}
