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

/** What surrounds every request, whoever answers it: headers, the size limit and the envelope. */
@ApplicationScoped
class FrontFilter {
  // Before authentication and everything else that the framework puts in front of endpoints.
  private static final int FIRST = -100_000;

  /** What servers commonly take; with the framework's limits above it, so that this one answers. */
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

  /** This is made when the service starts, so mistakes show then. */
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
    // What fails before any route was tried, such as an address that cannot be decoded.
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
    leaveOutEmptyParameters(context);
    if (isTooLarge(request.getHeader(HttpHeaders.CONTENT_LENGTH))) {
      context.fail(413);
    } else if (!cors.answersPreflight(context)) {
      byMethod(context);
    }
  }

  /** The status with which to refuse what no endpoint could make sense of; 0 for none. */
  private static int refuseHead(HttpServerRequest request) {
    if (request.uri().length() > MAX_ADDRESS_CHARS) {
      return 414;
    }
    if (size(request.headers()) > MAX_HEADER_CHARS) {
      return 431;
    }
    // A fragment is none of a server's business; what is no URI at all never comes this far.
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
   * {@code ?provider=&limit=} is how some clients say that they want neither; whoever reads the
   * query later reads this map. No tenant is not the token's tenant, and stays to be refused.
   */
  private static void leaveOutEmptyParameters(RoutingContext context) {
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
    // A length that is no number has already been refused by the HTTP decoder.
    return contentLength != null && Long.parseLong(contentLength) > maxBytes;
  }
}
