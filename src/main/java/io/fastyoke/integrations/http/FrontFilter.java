package io.fastyoke.integrations.http;

import io.fastyoke.integrations.errors.FailureRoute;
import io.fastyoke.integrations.errors.RequestIds;
import io.fastyoke.integrations.http.body.BodySettings;
import io.fastyoke.integrations.http.body.LingeringClose;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The first handler of every request, on both ports: limits of its head and size, security headers,
 * CORS, {@code Allow}, and the error envelope.
 */
@ApplicationScoped
class FrontFilter {
  // Before authentication and all other handlers of the framework.
  private static final int FIRST = -100_000;

  /** As of common servers. The framework's own limits are higher, so that this one answers. */
  private static final int MAX_ADDRESS_CHARS = 8 * 1024;

  private static final int MAX_HEADER_CHARS = 32 * 1024;

  /** Colon, space and line break. */
  private static final int HEADER_OVERHEAD = 4;

  private static final String TENANT = "tenant_id";
  private static final List<Integer> FAILING_EARLY = List.of(400, 404, 405, 500);

  private final FailureRoute failures;
  private final Cors cors;
  private final ConnectionDrain drain;
  private final ManagementPort management;
  private final long maxBytes;

  FrontFilter(
      FailureRoute failures,
      Cors cors,
      ConnectionDrain drain,
      ManagementPort management,
      BodySettings bodies,
      HttpSettings settings) {
    this.failures = failures;
    this.cors = cors;
    this.drain = drain;
    this.management = management;
    this.maxBytes = bodies.requestMaxBytes().asLongValue();
    refuseMistakes(settings);
  }

  /** Called when the service starts, so a wrong setting stops the start. */
  private static void refuseMistakes(HttpSettings settings) {
    if (settings.rateLimitPerTenant() < 0) {
      throw new ConfigurationException(
          "RATE_LIMIT_PER_TENANT is negative: give the requests per second, or 0 for no limit.");
    }
    if (settings.corsOrigins().orElse(Set.of()).stream().anyMatch(origin -> origin.contains("*"))) {
      throw new ConfigurationException(
          "CORS_ORIGINS takes origins such as https://shell.example.com, separated by commas, and"
              + " no *.");
    }
  }

  void register(@Observes Router router) {
    router.route().order(FIRST).failureHandler(failures);
    // For failures before any route, such as an address that cannot be decoded.
    FAILING_EARLY.forEach(status -> router.errorHandler(status, failures));
    router.route().order(FIRST + 1).handler(context -> drain.follow(context, this::enter));
    router.route().last().handler(context -> context.fail(404));
  }

  private void enter(RoutingContext context) {
    context.response().putHeader("X-Request-Id", RequestIds.of(context));
    HttpServerRequest request = context.request();
    LingeringClose.after(context);
    int refused = refuseHead(request);
    if (refused != 0) {
      context.fail(refused);
      return;
    }
    SecurityHeaders.add(context);
    if (management.isElsewhere(request, context.normalizedPath())) {
      context.fail(404);
      return;
    }
    removeEmptyParameters(context);
    if (isTooLarge(request.getHeader(HttpHeaders.CONTENT_LENGTH))) {
      context.fail(413);
    } else if (!cors.answersPreflight(context)) {
      byMethod(context);
    }
  }

  /** The error status for a head that no endpoint can handle; 0 if it is fine. */
  private static int refuseHead(HttpServerRequest request) {
    if (request.uri().length() > MAX_ADDRESS_CHARS) {
      return 414;
    }
    if (size(request.headers()) > MAX_HEADER_CHARS) {
      return 431;
    }
    // A request target has no fragment (RFC 9112, section 3.2); other bad URIs fail earlier.
    return hasOneHost(request) && request.uri().indexOf('#') < 0 ? 0 : 400;
  }

  private static int size(MultiMap headers) {
    int size = 0;
    for (Map.Entry<String, String> header : headers) {
      size += header.getKey().length() + header.getValue().length() + HEADER_OVERHEAD;
    }
    return size;
  }

  /** RFC 9112, section 3.2; old probes speak HTTP/1.0, which has no Host. */
  private static boolean hasOneHost(HttpServerRequest request) {
    List<String> hosts = request.headers().getAll(HttpHeaders.HOST);
    return hosts.isEmpty()
        ? request.version() == HttpVersion.HTTP_1_0
        : hosts.size() == 1 && !hosts.get(0).isBlank() && request.authority() != null;
  }

  private static void byMethod(RoutingContext context) {
    HttpMethod method = context.request().method();
    List<String> allowed = AllowedMethods.at(context.normalizedPath());
    if (allowed == null
        || (AllowedMethods.include(allowed, method) && !method.equals(HttpMethod.OPTIONS))) {
      context.next();
      return;
    }
    context.response().putHeader(HttpHeaders.ALLOW, AllowedMethods.allow(allowed));
    if (method.equals(HttpMethod.OPTIONS)) {
      context.response().setStatusCode(204).end();
    } else {
      context.fail(405);
    }
  }

  /**
   * Removes empty parameters: some clients send {@code ?provider=&limit=} for "not set". Later
   * handlers read this same map. An empty {@code tenant_id} stays and is refused: it is not the
   * token's tenant.
   */
  private static void removeEmptyParameters(RoutingContext context) {
    String query = context.request().query();
    if (query == null || query.isEmpty()) {
      return;
    }
    MultiMap parameters = context.queryParams();
    for (String name : List.copyOf(parameters.names())) {
      List<String> values = parameters.getAll(name);
      if (values.contains("") && !name.equals(TENANT)) {
        parameters.set(name, values.stream().filter(value -> !value.isEmpty()).toList());
      }
    }
  }

  private boolean isTooLarge(@Nullable String contentLength) {
    // The HTTP decoder has already refused a length that is not a number.
    return contentLength != null && Long.parseLong(contentLength) > maxBytes;
  }
}
