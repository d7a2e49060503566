package io.fastyoke.integrations.egress.guard;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Rules for host names, applied before DNS resolution.
 *
 * <p>They refuse forms that parsers read differently (short, octal and hexadecimal addresses, by
 * the rule "ends in a number" of the WHATWG URL standard) and names of internal networks. This is a
 * first filter; {@link AddressPolicy} then checks every address.
 */
public final class HostName {
  private static final Pattern LABELS =
      Pattern.compile(
          "[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?(?:\\.[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?)*");
  private static final Pattern NUMBER = Pattern.compile("[0-9]+|0x[0-9a-f]*");
  private static final int MAX_NAME_LENGTH = 253;
  private static final int MAX_LABEL_LENGTH = 63;

  private static final List<String> INTERNAL =
      List.of(
          ".localhost",
          ".internal",
          ".intranet",
          ".flycast",
          ".local",
          ".localdomain",
          ".lan",
          ".home",
          ".home.arpa",
          ".corp",
          ".private",
          ".svc",
          ".cluster.local",
          ".consul",
          ".onion",
          ".test",
          ".invalid",
          ".example");

  private HostName() {}

  /** Lower case, without the trailing dot of an absolute name. */
  static String normalized(String host) {
    String lower = host.toLowerCase(Locale.ROOT);
    return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
  }

  /**
   * Whether a normalized host is a name: letters, digits, hyphens and underscores, and not a number
   * as the last label.
   */
  static boolean isName(String host) {
    return host.length() <= MAX_NAME_LENGTH
        && LABELS.matcher(host).matches()
        && hasValidLabels(host)
        && !NUMBER.matcher(host.substring(host.lastIndexOf('.') + 1)).matches();
  }

  /** Whether a name can be a public one: it has a dot and no internal suffix. */
  public static boolean isPublic(String name) {
    return name.indexOf('.') > 0 && INTERNAL.stream().noneMatch(name::endsWith);
  }

  private static boolean hasValidLabels(String host) {
    for (String label : host.split("\\.", -1)) {
      if (label.length() > MAX_LABEL_LENGTH) {
        return false;
      }
    }
    return true;
  }
}
