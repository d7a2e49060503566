package io.fastyoke.integrations.providers;

import io.fastyoke.integrations.errors.FieldProblem;
import io.fastyoke.integrations.providers.description.CredentialRules;
import io.fastyoke.integrations.templating.PercentEncoding;
import io.fastyoke.integrations.vault.Credentials;
import io.fastyoke.integrations.vault.Secret;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The query parameters that a credential adds to every URL, behind those of the action. Names may
 * be seen, values may not.
 */
final class TenantQuery {
  static final String FIELD = "query";
  private static final String PREFIX = FIELD + ".";
  private static final String HIDDEN = "[redacted]";

  /** Of all of them, encoded, in characters; servers commonly take 8 KiB for a whole URL. */
  private static final int MAX_CHARS = 8 * 1024;

  private TenantQuery() {}

  static List<FieldProblem> check(Credentials credentials) {
    int length = suffix(credentials, true, TenantQuery::encoded).length();
    return length > MAX_CHARS
        ? List.of(
            CredentialRules.problem(
                FIELD, "must have at most " + MAX_CHARS + " characters once it is encoded"))
        : List.of();
  }

  /** What is wrong with an action's path, or null: it must not set what the credential sets. */
  static @Nullable String problemWithPath(Credentials credentials, String path) {
    List<String> taken = credentials.entries(FIELD);
    int query = path.indexOf('?');
    if (taken.isEmpty() || query < 0) {
      return null;
    }
    for (String parameter : path.substring(query + 1).split("&", -1)) {
      int equals = parameter.indexOf('=');
      if (taken.contains(decoded(equals < 0 ? parameter : parameter.substring(0, equals)))) {
        return "must not have a query parameter that the connection sets";
      }
    }
    return null;
  }

  /**
   * The path with the parameters behind it.
   *
   * @param path encoded, perhaps with a query of its own
   */
  static String appended(Credentials credentials, String path) {
    return path + suffix(credentials, path.indexOf('?') < 0, TenantQuery::encoded);
  }

  /**
   * A target that ends in the parameters, without their values.
   *
   * @param target made of {@link #appended}
   */
  static String shown(Credentials credentials, String target) {
    String secret = suffix(credentials, true, TenantQuery::encoded);
    if (secret.isEmpty()) {
      return target;
    }
    int end = target.length() - secret.length();
    boolean first = target.charAt(end) == '?';
    return target.substring(0, end) + suffix(credentials, first, value -> HIDDEN);
  }

  private static String suffix(
      Credentials credentials, boolean first, Function<Secret, String> value) {
    List<String> names = credentials.entries(FIELD);
    if (names.isEmpty()) {
      return "";
    }
    StringBuilder out = new StringBuilder();
    for (String name : names) {
      out.append(out.isEmpty() && first ? '?' : '&')
          .append(PercentEncoding.of(name.getBytes(StandardCharsets.UTF_8)))
          .append('=')
          .append(value.apply(credentials.get(PREFIX + name).orElseThrow()));
    }
    return out.toString();
  }

  private static String encoded(Secret value) {
    return PercentEncoding.of(value.expose());
  }

  /** As receivers read a name: with + for a space. */
  private static String decoded(String name) {
    try {
      return URLDecoder.decode(name, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return name;
    }
  }
}
