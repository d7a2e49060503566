package io.fastyoke.integrations.providers;

import java.net.URI;
import java.net.URISyntaxException;
import org.jspecify.annotations.Nullable;

/** The address of a tenant's endpoint. Whether it may be reached is the door's to judge. */
final class BaseUrl {
  static final String FIELD = "base_url";
  private static final int HIGHEST_PORT = 65_535;

  private BaseUrl() {}

  /** What is wrong with it, or null. */
  static @Nullable String problem(String text) {
    URI url;
    try {
      url = new URI(text);
    } catch (URISyntaxException e) {
      return "is not a valid URL";
    }
    if (!"https".equalsIgnoreCase(url.getScheme()) && !"http".equalsIgnoreCase(url.getScheme())) {
      return "must begin with https://";
    }
    if (url.getRawUserInfo() != null) {
      return "must not hold a user name or password; use auth_header";
    }
    if (url.getRawQuery() != null || url.getRawFragment() != null) {
      return "must not have a query or a fragment";
    }
    return problemWithPlace(url);
  }

  private static @Nullable String problemWithPlace(URI url) {
    if (url.getHost() == null || url.getHost().isEmpty()) {
      return "must name a host";
    }
    if (url.getPort() == 0 || url.getPort() > HIGHEST_PORT) {
      return "must have a port from 1 to " + HIGHEST_PORT;
    }
    String path = url.getRawPath();
    return !path.isEmpty() && PathRules.hasBadSegment(path)
        ? "must not have a path segment that is empty, . or .."
        : null;
  }

  /**
   * The base with a path behind it, with one slash between them.
   *
   * @param path begins with a slash, or is empty
   * @throws IllegalArgumentException when the result is not below the base
   */
  static URI join(String base, String path) {
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
