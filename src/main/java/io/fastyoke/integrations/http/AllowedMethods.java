package io.fastyoke.integrations.http;

import io.vertx.core.http.HttpMethod;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which methods each address takes: what {@code Allow} says of it (RFC 9110, section 10.2.1). The
 * framework answers a wrong method without that header, and OPTIONS with the methods of other
 * addresses. A test compares this with the OpenAPI description.
 */
final class AllowedMethods {
  private static final List<String> READ = List.of("GET", "HEAD", "OPTIONS");
  private static final List<String> WRITE = List.of("POST", "OPTIONS");
  private static final String TENANT = "/api/v1/tenant/";
  private static final String SUPER = "/api/v1/super/";
  private static final String ID = "{id}";

  /** Ids are the segment behind these. */
  private static final List<String> WITH_IDS =
      List.of(TENANT + "connections/", TENANT + "action-runs/");

  private static final Map<String, List<String>> KNOWN = known();

  private AllowedMethods() {}

  /** The methods of an address; null when it is not one of these. */
  static @Nullable List<String> at(String path) {
    String plain = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    List<String> exact = KNOWN.get(plain);
    if (exact != null) {
      return exact;
    }
    for (String prefix : WITH_IDS) {
      if (plain.startsWith(prefix)) {
        int end = plain.indexOf('/', prefix.length());
        return KNOWN.get(prefix + ID + (end < 0 ? "" : plain.substring(end)));
      }
    }
    return null;
  }

  /** The value of {@code Allow}. */
  static String allow(List<String> methods) {
    return String.join(", ", methods);
  }

  /** Whether a method is among them. */
  static boolean include(List<String> methods, HttpMethod method) {
    return methods.contains(method.name());
  }

  private static Map<String, List<String>> known() {
    Map<String, List<String>> known = new HashMap<>();
    for (String path : List.of("providers", "action-runs/{id}/requests", "event-log")) {
      known.put(TENANT + path, READ);
    }
    for (String path :
        List.of("event-log/summary", "usage", "stats", "stats/connections", "action-runs/{id}")) {
      known.put(TENANT + path, READ);
    }
    for (String path : List.of("connections/test", "connections/{id}/test")) {
      known.put(TENANT + path, WRITE);
    }
    for (String path : List.of("preview", "replay", "{id}/cancel", "{id}/replay")) {
      known.put(TENANT + "action-runs/" + path, WRITE);
    }
    for (String path : List.of("connections", "action-runs")) {
      known.put(TENANT + path, List.of("GET", "HEAD", "POST", "OPTIONS"));
    }
    known.put(TENANT + "connections/{id}", List.of("GET", "HEAD", "PATCH", "DELETE", "OPTIONS"));
    known.put(SUPER + "keys", READ);
    known.put(SUPER + "keys/reseal", WRITE);
    known.put(AdminPage.ADDRESS, READ);
    for (String path : List.of("health", "health/live", "health/ready", "health/started")) {
      known.put("/q/" + path, READ);
    }
    known.put("/q/metrics", READ);
    known.put("/q/openapi", READ);
    return Map.copyOf(known);
  }
}
