package io.fastyoke.integrations.http;

import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import org.jspecify.annotations.Nullable;

/** What surrounds every request, whoever answers it: headers, the size limit and the envelope. */
@ApplicationScoped
class Edge {
  // Before authentication and everything else that the framework puts in front of endpoints.
  private static final int FIRST = -100_000;

  private final FailureRoute failures;
  private final Cors cors;
  private final long maxBytes;

  Edge(FailureRoute failures, Cors cors, HttpSettings settings) {
    this.failures = failures;
    this.cors = cors;
    this.maxBytes = settings.requestMaxBytes().asLongValue();
  }

  void register(@Observes Router router) {
    router.route().order(FIRST).failureHandler(failures);
    router.route().order(FIRST + 1).handler(this::enter);
    router.route().last().handler(context -> context.fail(404));
  }

  private void enter(RoutingContext context) {
    context.response().putHeader("X-Request-Id", RequestIds.of(context));
    SecurityHeaders.add(context);
    if (isTooLarge(context.request().getHeader(HttpHeaders.CONTENT_LENGTH))) {
      context.fail(413);
    } else if (!cors.answersPreflight(context)) {
      context.next();
    }
  }

  private boolean isTooLarge(@Nullable String contentLength) {
    // A length that is no number has already been refused by the HTTP decoder.
    return contentLength != null && Long.parseLong(contentLength) > maxBytes;
  }
}
