package io.fastyoke.integrations.http;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * CORS headers for the origins in {@code CORS_ORIGINS} (WHATWG Fetch, section 3.3). Requests of
 * other origins are answered without them, and browsers do not show that answer to the page. They
 * are not refused: behind a proxy the service does not know the origin of its own admin page.
 */
@Singleton
class Cors {
  private static final String MAX_AGE_SECONDS = "600";

  private final Set<String> origins;

  Cors(HttpSettings settings) {
    this.origins =
        settings.corsOrigins().orElse(Set.of()).stream()
            .map(Cors::asBrowsersSendIt)
            .collect(Collectors.toUnmodifiableSet());
  }

  /** Lower case, and without the trailing slash of an address bar. */
  private static String asBrowsersSendIt(String origin) {
    String stripped = origin.strip().toLowerCase(Locale.ROOT);
    return stripped.endsWith("/") ? stripped.substring(0, stripped.length() - 1) : stripped;
  }

  /** Adds the headers; true when the request was a preflight and is answered. */
  boolean answersPreflight(RoutingContext context) {
    HttpServerRequest request = context.request();
    String origin = request.getHeader("Origin");
    if (origins.isEmpty() || !isApi(context)) {
      return false;
    }
    HttpServerResponse response = context.response();
    response.putHeader("Vary", "Origin");
    if (origin == null || !origins.contains(origin)) {
      return false;
    }
    response.putHeader("Access-Control-Allow-Origin", origin);
    response.putHeader(
        "Access-Control-Expose-Headers",
        "ETag, Idempotent-Replayed, Link, Location, Retry-After, X-Request-Id");
    return isPreflight(request) && allow(response);
  }

  private static boolean isApi(RoutingContext context) {
    return context.normalizedPath().startsWith("/api/");
  }

  private static boolean isPreflight(HttpServerRequest request) {
    return request.method().equals(HttpMethod.OPTIONS)
        && request.getHeader("Access-Control-Request-Method") != null;
  }

  private static boolean allow(HttpServerResponse response) {
    response.putHeader("Access-Control-Allow-Methods", "GET, POST, PATCH, DELETE");
    response.putHeader(
        "Access-Control-Allow-Headers",
        "Authorization, Content-Type, Idempotency-Key, If-Match, Prefer");
    response.putHeader("Access-Control-Max-Age", MAX_AGE_SECONDS);
    response.setStatusCode(204).end();
    return true;
  }
}
