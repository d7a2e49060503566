package io.fastyoke.integrations.egress.guard;

import java.net.URI;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The parsed target of a URL. It is parsed once; no later step reads the URL's text again.
 *
 * @param tls whether the scheme is https
 * @param host a normalized name, or an address literal without brackets
 * @param port 1 to 65535
 * @param literal the bytes if the host is an address literal, else null
 */
@SuppressWarnings("ArrayRecordComponent") // never compared as a whole
public record Destination(boolean tls, String host, int port, byte @Nullable [] literal) {

  /** The URL is malformed. The decision's message is for the field that the URL came from. */
  public static final class Malformed extends Exception {
    private static final long serialVersionUID = 1L;

    private final GuardDecision decision;

    Malformed(GuardDecision decision) {
      super(decision.message(), null, false, false);
      this.decision = decision;
    }

    public GuardDecision decision() {
      return decision;
    }
  }

  /**
   * Parses a URL.
   *
   * @throws Malformed unless it is an absolute http or https URL with a host and a port from 1 to
   *     65535, without user information and fragment
   */
  public static Destination of(URI url) throws Malformed {
    String scheme = url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT);
    require(scheme.equals("https") || scheme.equals("http"), "Start with https://.");
    require(visibleAscii(url.toString()), "Use ASCII only: punycode for names, % for the rest.");
    require(url.getRawAuthority() != null, "The host is missing.");
    require(url.getRawAuthority().indexOf('@') < 0, "Leave out the user information.");
    require(url.getRawFragment() == null, "Leave out the fragment.");
    boolean tls = scheme.equals("https");
    HostPort place = HostPort.of(url);
    int written = place == null ? -1 : place.port();
    int port = written == -1 ? (tls ? 443 : 80) : written;
    require(port >= 1 && port <= 65535, "The port is not one.");
    return of(tls, place == null ? null : place.host(), port);
  }

  private static Destination of(boolean tls, @Nullable String host, int port) throws Malformed {
    String written = host == null ? "" : host;
    boolean bracketed = written.startsWith("[");
    String bare = bracketed ? written.substring(1, written.length() - 1) : written;
    byte[] literal = AddressLiteral.bytes(bare);
    boolean v6 = literal.length == 16;
    if (literal.length > 0 && bracketed == v6) {
      return new Destination(tls, bare, port, literal);
    }
    String name = HostName.normalized(written);
    if (!HostName.isName(name)) {
      throw new Malformed(GuardDecision.of(GuardDecision.Status.BLOCKED));
    }
    return new Destination(tls, name, port, null);
  }

  /** The value of the Host header (RFC 9110, section 7.2). */
  public String authority() {
    String written = host.indexOf(':') < 0 ? host : "[" + host + "]";
    return port == (tls ? 443 : 80) ? written : written + ":" + port;
  }

  private static boolean visibleAscii(String text) {
    return text.chars().allMatch(c -> c > 0x20 && c < 0x7f && c != '\\');
  }

  private static void require(boolean condition, String message) throws Malformed {
    if (!condition) {
      throw new Malformed(GuardDecision.malformed(message));
    }
  }
}
