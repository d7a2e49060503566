package io.fastyoke.integrations.http;

import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** What happens beside the answer when a request fails. */
final class ProblemLog {
  private static final Logger LOG = Logger.getLogger(ProblemLog.class);

  private static final long LINGERING_MS = 2_000;
  private static final long NO_ERROR = 0;

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
   * The rest of a body that is too large or too slow is not waited for, but taken for a moment: to
   * a client that is still sending, an end at once is a reset, and it would not see the answer (RFC
   * 9112, section 9.6).
   */
  static void closeAfter(Problem problem, RoutingContext context) {
    if (problem.status() != 413 && problem.status() != 408) {
      return;
    }
    if (context.request().version() == HttpVersion.HTTP_2) {
      // There the connection is for other requests too, and Connection makes an answer malformed
      // (RFC 9113, section 8.2.2): the stream ends, without an error (section 8.1).
      context.addEndHandler(ended -> endStream(context));
    } else {
      context.response().putHeader("Connection", "close");
      context.addEndHandler(ended -> linger(context));
    }
  }

  private static void endStream(RoutingContext context) {
    if (!context.request().isEnded()) {
      context.response().reset(NO_ERROR);
    }
  }

  private static void linger(RoutingContext context) {
    HttpServerRequest request = context.request();
    HttpConnection connection = request.connection();
    if (request.isEnded()) {
      connection.close();
      return;
    }
    long timer = context.vertx().setTimer(LINGERING_MS, late -> connection.close());
    connection.closeHandler(gone -> context.vertx().cancelTimer(timer));
    request.handler(dropped -> {}).endHandler(complete -> connection.close()).resume();
  }
}
