package io.fastyoke.integrations.egress.guard;

import java.net.URI;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Host and port of a URL. {@link URI#getHost} returns null for names with an underscore, which
 * container networks and some public services use (RFC 2181, section 11, allows them).
 *
 * @param host as written, an IPv6 address with its brackets; never empty
 * @param port -1 if there is none
 */
public record HostPort(String host, int port) {
  private static final Pattern PARTS =
      Pattern.compile("(?:[^@]*@)?(\\[[^\\]]*\\]|[^:@\\[\\]]+)(?::([0-9]{0,9}))?");

  /** Null if the URL has no host, or a port that is not a number. */
  public static @Nullable HostPort of(URI url) {
    String authority = url.getRawAuthority();
    Matcher parts = PARTS.matcher(authority == null ? "" : authority);
    if (!parts.matches()) {
      return null;
    }
    String port = parts.group(2);
    boolean none = port == null || port.isEmpty();
    return new HostPort(parts.group(1), none ? -1 : Integer.parseInt(port));
  }
}
