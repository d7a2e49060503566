package io.fastyoke.integrations.egress.guard;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Rules for names, before anything is resolved.
 *
 * <p>They keep out what different parsers read differently (the short, octal and hexadecimal forms
 * of addresses, by the rule "ends in a number" of the WHATWG URL standard) and names that only mean
 * something inside a network. The guard proper is the judgement of every address.
 */
public final class HostName {
  private static final Pattern LABELS =
      Pattern.compile(
          "[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?(?:\\.[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?)*");
  private static final Pattern NUMBER = Pattern.compile("[0-9]+|0x[0-9a-f]*");
  private static final int LONGEST_NAME = 253;
  private static final int LONGEST_LABEL = 63;

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

  /** Lower case, without the one trailing dot that makes a name absolute. */
  static String normalized(String host) {
    String lower = host.toLowerCase(Locale.ROOT);
    return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
  }

  /**
   * Whether a normalized host is a name at all: letters, digits, hyphens and underscores, not a
   * number.
   */
  static boolean isName(String host) {
    return host.length() <= LONGEST_NAME
        && LABELS.matcher(host).matches()
        && labelsFit(host)
        && !NUMBER.matcher(host.substring(host.lastIndexOf('.') + 1)).matches();
  }

  /** Whether a name can be one of the public Internet. */
  public static boolean isPublic(String name) {
    return name.indexOf('.') > 0 && INTERNAL.stream().noneMatch(name::endsWith);
  }

  private static boolean labelsFit(String host) {
    for (String label : host.split("\\.", -1)) {
      if (label.length() > LONGEST_LABEL) {
        return false;
      }
    }
    return true;
  }
}
