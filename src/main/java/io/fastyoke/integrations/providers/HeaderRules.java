package io.fastyoke.integrations.providers;

import io.fastyoke.integrations.egress.RequestCheck;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which headers a tenant may set, in credentials and in actions. */
final class HeaderRules {
  static final int MAX_HEADERS = 50;
  private static final int MAX_NAME_CHARS = 128;
  private static final int MAX_VALUE_CHARS = 8192;

  /** The service sets them itself, besides those that only egress may write. */
  private static final Set<String> RESERVED =
      Set.of("authorization", "accept-encoding", "user-agent", "idempotency-key");

  private static final Set<String> RESERVED_FAMILIES = Set.of("x-fastyoke-", "webhook-");

  private HeaderRules() {}

  /** The problem with a name, or null. */
  static @Nullable String problemWithName(String name) {
    if (name.length() > MAX_NAME_CHARS || !RequestCheck.isToken(name)) {
      return "is not a header name of at most " + MAX_NAME_CHARS + " characters";
    }
    String lower = name.toLowerCase(Locale.ROOT);
    boolean reserved =
        RequestCheck.isReserved(name)
            || RESERVED.contains(lower)
            || RESERVED_FAMILIES.stream().anyMatch(lower::startsWith);
    return reserved ? "is set by the service and cannot be given" : null;
  }

  /** The problem with the value of an action's header, or null. */
  static @Nullable String problemWithValue(String value) {
    if (value.length() > MAX_VALUE_CHARS) {
      return "must have at most " + MAX_VALUE_CHARS + " characters";
    }
    return RequestCheck.isFieldValue(value) ? null : "must be visible ASCII characters and spaces";
  }
}
