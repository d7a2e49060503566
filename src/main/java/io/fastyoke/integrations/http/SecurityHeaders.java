package io.fastyoke.integrations.http;

import io.vertx.core.MultiMap;
import io.vertx.ext.web.RoutingContext;

/** Security headers for browsers: CSP, no framing, no sniffing, no caching of the API. */
final class SecurityHeaders {
  private static final String PAGE_POLICY =
      String.join(
          "; ",
          "default-src 'none'",
          "script-src 'self'",
          "style-src 'self'",
          "img-src 'self' data:",
          "connect-src 'self'",
          "font-src 'self'",
          "base-uri 'none'",
          "form-action 'none'",
          "frame-ancestors 'none'");
  private static final String API_POLICY = "default-src 'none'; frame-ancestors 'none'";

  private SecurityHeaders() {}

  /** No Strict-Transport-Security: the proxy that ends TLS sets it. */
  static void add(RoutingContext context) {
    MultiMap headers = context.response().headers();
    headers.set("X-Content-Type-Options", "nosniff");
    headers.set("Referrer-Policy", "no-referrer");
    headers.set("X-Frame-Options", "DENY");
    String path = context.normalizedPath();
    if (path.startsWith("/api/")) {
      headers.set("Cache-Control", "no-store");
      headers.set("Content-Security-Policy", API_POLICY);
    } else if (!path.startsWith("/q/")) {
      // The framework's development pages below /q/ do not work with this policy.
      headers.set("Content-Security-Policy", PAGE_POLICY);
    }
  }
}
