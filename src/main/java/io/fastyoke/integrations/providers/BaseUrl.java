package io.fastyoke.integrations.providers;

import io.fastyoke.integrations.egress.guard.HostPort;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The address of a tenant's endpoint. Egress decides whether it may be reached. */
final class BaseUrl {
  static final String FIELD = "base_url";
  private static final int HIGHEST_PORT = 65_535;

  /**
   * Letters, digits, hyphens and underscores. What ends in a number is an address to some parsers
   * (WHATWG URL, section 3.5); egress refuses it.
   */
  private static final Pattern NAME =
      Pattern.compile(
          "[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?(?:\\.[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?)*\\.?");

  private BaseUrl() {}

  /** The problem with it, or null. */
  static @Nullable String problem(String text) {
    return problem(text, "basic", "query");
  }

  /** The same of the address of a token endpoint. */
  static @Nullable String problemWithTokenUrl(String text) {
    return problem(text, "client_id and client_secret", "parameters");
  }

  /** What to use in place of a login in the address, and of a query. */
  private static @Nullable String problem(String text, String login, String query) {
    URI url;
    try {
      url = new URI(text);
    } catch (URISyntaxException e) {
      return "is not a valid URL";
    }
    if (!"https".equalsIgnoreCase(url.getScheme()) && !"http".equalsIgnoreCase(url.getScheme())) {
      return "must begin with https://";
    }
    if (String.valueOf(url.getRawAuthority()).indexOf('@') >= 0) {
      return "must not hold a user name or password; use " + login;
    }
    if (url.getRawQuery() != null || url.getRawFragment() != null) {
      return "must not have a query or a fragment; use " + query;
    }
    return problemWithPlace(url);
  }

  private static @Nullable String problemWithPlace(URI url) {
    HostPort place = HostPort.of(url);
    if (place == null) {
      return url.getRawAuthority() == null
          ? "must name a host"
          : "must have a host and, behind a colon, a port that is a number";
    }
    String host = place.host().toLowerCase(Locale.ROOT);
    if (!host.startsWith("[") && !NAME.matcher(host).matches()) {
      return host.chars().allMatch(c -> c < 0x80)
          ? "has a host that is no name: it is made of letters, digits, hyphens and underscores,"
              + " with single dots between them and no hyphen at the end of a part"
          : "has a host in other letters than ASCII: write it in punycode (xn--…)";
    }
    if (place.port() == 0 || place.port() > HIGHEST_PORT) {
      return "must have a port from 1 to " + HIGHEST_PORT;
    }
    String path = url.getRawPath();
    return !path.isEmpty() && PathRules.hasBadSegment(path)
        ? "must not have a path segment that is empty, . or .."
        : null;
  }

  /** The host of an address in lower case, without brackets. */
  static @Nullable String host(URI url) {
    HostPort place = HostPort.of(url);
    String host = place == null ? "" : place.host().toLowerCase(Locale.ROOT);
    boolean literal = host.startsWith("[");
    return host.isEmpty() ? null : literal ? host.substring(1, host.length() - 1) : host;
  }

  /**
   * The base with a path behind it, with one slash between them.
   *
   * @param path begins with a slash, or is empty
   * @throws IllegalArgumentException when the result is not below the base
   */
  static URI join(String base, String path) {
    return joined(lowerCased(base), path);
  }

  /** Scheme and host are the same in any case (RFC 3986, section 6.2.2.1); the path is not. */
  private static String lowerCased(String url) {
    int path = url.indexOf('/', url.indexOf("//") + 2);
    int end = path < 0 ? url.length() : path;
    return url.substring(0, end).toLowerCase(Locale.ROOT) + url.substring(end);
  }

  private static URI joined(String base, String path) {
    boolean twoSlashes = base.endsWith("/") && path.startsWith("/");
    String start = twoSlashes ? base.substring(0, base.length() - 1) : base;
    URI target = URI.create(start + path);
    URI origin = URI.create(base);
    if (!target.getRawAuthority().equals(origin.getRawAuthority())
        || target.getRawUserInfo() != null
        || target.getRawFragment() != null) {
      throw new IllegalArgumentException("a path that leaves its base");
    }
    return target;
  }
}
