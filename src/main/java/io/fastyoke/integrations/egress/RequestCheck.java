package io.fastyoke.integrations.egress;

import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Says whether a request may be written at all, before it comes near a connection. Owns the lists
 * of methods and of headers that only egress may set.
 *
 * <p>The HTTP client checks less than it seems to (it writes obs-fold, NUL and a Host with CR LF)
 * and what it does refuse, it refuses with a pooled connection in hand.
 */
public final class RequestCheck {
  /** All methods that the service sends. */
  public static final List<String> METHODS = List.of("POST", "PUT", "PATCH", "DELETE", "GET");

  /** They frame the message or belong to the hop, so they are the door's own. */
  private static final Set<String> RESERVED =
      Set.of(
          "host",
          "content-length",
          "transfer-encoding",
          "connection",
          "keep-alive",
          "te",
          "trailer",
          "upgrade",
          "expect",
          "http2-settings");

  private static final String TOKEN_SIGNS = "!#$%&'*+-.^_`|~";

  private RequestCheck() {}

  /** What is wrong with the request, in words that quote nothing of it, or null. */
  static @Nullable String problem(OutboundRequest request) {
    if (!METHODS.contains(request.method())) {
      return "The method is not one of GET, POST, PUT, PATCH and DELETE.";
    }
    for (OutboundRequest.Header header : request.headers()) {
      if (!isToken(header.name()) || isReserved(header.name())) {
        return "The name of a header is not allowed.";
      }
      if (!isFieldValue(header.value())) {
        return "The value of a header has a character that is not allowed.";
      }
    }
    return null;
  }

  /** The request target in origin form (RFC 9112, section 3.2.1). */
  static String originForm(URI url) {
    String path = url.getRawPath() == null || url.getRawPath().isEmpty() ? "/" : url.getRawPath();
    return url.getRawQuery() == null ? path : path + "?" + url.getRawQuery();
  }

  /** Whether only egress may set a header of this name, in whatever case. */
  public static boolean isReserved(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return RESERVED.contains(lower) || lower.startsWith("proxy-");
  }

  /** A token of RFC 9110, section 5.6.2, as names of headers are. */
  public static boolean isToken(String name) {
    for (int i = 0; i < name.length(); i++) {
      if (!isTokenChar(name.charAt(i))) {
        return false;
      }
    }
    return !name.isEmpty();
  }

  private static boolean isTokenChar(int c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || TOKEN_SIGNS.indexOf(c) >= 0;
  }

  /** Field content of RFC 9110, section 5.5, without its obsolete bytes above ASCII. */
  public static boolean isFieldValue(CharSequence value) {
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if ((c < 0x20 && c != '\t') || c > 0x7e) {
        return false;
      }
    }
    return true;
  }
}
