package io.fastyoke.integrations.errors;

import io.vertx.ext.web.RoutingContext;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** What happens beside the answer when a request fails. */
final class ProblemLog {
  private static final Logger LOG = Logger.getLogger(ProblemLog.class);

  private ProblemLog() {}

  /** Logs what is our fault; the query stays out, for it is the client's. */
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
   * The rest of a body that is too large or too slow is not waited for: see {@code
   * http.body.LingeringClose}.
   */
  static void closeAfter(Problem problem, RoutingContext context) {
    if (problem.status() == 413 || problem.status() == 408) {
      context.response().putHeader("Connection", "close");
    }
  }
}
