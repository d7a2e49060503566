package io.fastyoke.integrations.providers;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Which headers a tenant may set, in credentials and in actions. */
final class HeaderRules {
  static final int MOST_HEADERS = 50;
  private static final int LONGEST_NAME = 128;
  private static final int LONGEST_VALUE = 8192;

  /** RFC 9110, section 5.6.2. */
  private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9!#$%&'*+\\-.^_`|~]+");

  private static final Pattern VALUE = Pattern.compile("[\\t\\x20-\\x7E]*");

  /** They frame the message, belong to the hop, or are set by the service itself. */
  private static final Set<String> RESERVED =
      Set.of(
          "authorization",
          "host",
          "content-length",
          "transfer-encoding",
          "connection",
          "keep-alive",
          "te",
          "trailer",
          "upgrade",
          "expect",
          "http2-settings",
          "accept-encoding",
          "user-agent",
          "idempotency-key");

  private static final Set<String> RESERVED_FAMILIES = Set.of("proxy-", "x-fastyoke-", "webhook-");

  private HeaderRules() {}

  /** What is wrong with a name, or null. */
  static @Nullable String problemWithName(String name) {
    if (name.length() > LONGEST_NAME || !TOKEN.matcher(name).matches()) {
      return "is not a header name of at most " + LONGEST_NAME + " characters";
    }
    String lower = name.toLowerCase(Locale.ROOT);
    boolean reserved =
        RESERVED.contains(lower) || RESERVED_FAMILIES.stream().anyMatch(lower::startsWith);
    return reserved ? "is set by the service and cannot be given" : null;
  }

  /** What is wrong with the value of an action's header, or null. */
  static @Nullable String problemWithValue(String value) {
    if (value.length() > LONGEST_VALUE) {
      return "must have at most " + LONGEST_VALUE + " characters";
    }
    return VALUE.matcher(value).matches() ? null : "must be visible ASCII characters and spaces";
  }
}
