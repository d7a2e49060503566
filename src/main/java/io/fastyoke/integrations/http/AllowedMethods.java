package io.fastyoke.integrations.http;

import io.vertx.core.http.HttpMethod;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The one list of endpoints and their methods, for the {@code Allow} header (RFC 9110, section
 * 10.2.1) and for the labels of metrics. The framework answers a wrong method without that header,
 * and OPTIONS with the methods of other endpoints. Tests compare the list with the OpenAPI
 * description ({@code BadInputTest}), and that with the annotations ({@code OpenApiTest}).
 */
final class AllowedMethods {
  private static final String ENDPOINTS =
      """
      GET /api/v1/tenant/providers
      GET,POST /api/v1/tenant/connections
      GET,PATCH,DELETE /api/v1/tenant/connections/{id}
      POST /api/v1/tenant/connections/{id}/test
      POST /api/v1/tenant/connections/test
      GET,POST /api/v1/tenant/action-runs
      GET /api/v1/tenant/action-runs/{id}
      GET /api/v1/tenant/action-runs/{id}/requests
      POST /api/v1/tenant/action-runs/{id}/cancel
      POST /api/v1/tenant/action-runs/{id}/replay
      POST /api/v1/tenant/action-runs/preview
      POST /api/v1/tenant/action-runs/replay
      GET /api/v1/tenant/event-log
      GET /api/v1/tenant/event-log/summary
      GET,PUT /api/v1/tenant/notices
      GET /api/v1/tenant/stats
      GET /api/v1/tenant/stats/connections
      GET /api/v1/tenant/usage
      GET /api/v1/super/keys
      POST /api/v1/super/keys/reseal
      GET /admin/integrations
      GET /q/health
      GET /q/health/live
      GET /q/health/ready
      GET /q/health/started
      GET /q/metrics
      GET /q/openapi
      """;

  private static final String TENANT = "/api/v1/tenant/";
  private static final String ID = "{id}";

  /** Prefixes that are followed by an id. */
  private static final List<String> WITH_IDS =
      List.of(TENANT + "connections/", TENANT + "action-runs/");

  private static final Map<String, List<String>> KNOWN = known();

  private AllowedMethods() {}

  /** The methods of a path; null when it is not in the list. */
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

  /** Whether the list has the method. */
  static boolean include(List<String> methods, HttpMethod method) {
    return methods.contains(method.name());
  }

  /** Whether this is a path of the list, with {@code {id}} for an id. */
  static boolean isTemplate(String address) {
    return KNOWN.containsKey(address);
  }

  private static Map<String, List<String>> known() {
    Map<String, List<String>> known = new HashMap<>();
    ENDPOINTS.lines().forEach(line -> add(known, line.split(" ", -1)));
    return Map.copyOf(known);
  }

  private static void add(Map<String, List<String>> known, String[] line) {
    List<String> methods = new ArrayList<>(List.of(line[0].split(",", -1)));
    if (methods.get(0).equals("GET")) {
      methods.add(1, "HEAD");
    }
    methods.add("OPTIONS");
    known.put(line[1], List.copyOf(methods));
  }
}
