package io.fastyoke.integrations.errors;

import io.vertx.ext.web.RoutingContext;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Logging and clean-up when a request fails. */
final class ProblemLog {
  private static final Logger LOG = Logger.getLogger(ProblemLog.class);

  private ProblemLog() {}

  /** Logs faults of the service; without the query, which may hold data of the client. */
  static void record(Problem problem, @Nullable Throwable failure, RoutingContext context) {
    if (problem.internal()) {
      LOG.errorf(
          failure,
          "Request %s failed: %s %s",
          RequestIds.of(context),
          context.request().method(),
          context.normalizedPath());
    }
  }

  /**
   * Does not wait for the rest of a body that is too large or too slow: see {@code
   * http.body.LingeringClose}.
   */
  static void closeAfter(Problem problem, RoutingContext context) {
    if (problem.status() == 413 || problem.status() == 408) {
      context.response().putHeader("Connection", "close");
    }
  }
}
