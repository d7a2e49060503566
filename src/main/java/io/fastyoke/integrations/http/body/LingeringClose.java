package io.fastyoke.integrations.http.body;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;

/**
 * A lingering close: when an answer is sent before the whole request has arrived, the rest is read
 * and dropped for at most 2 s. Closing at once would reset the connection of a client that is still
 * sending, and it would not see the answer (RFC 9112, section 9.6). After 2 s the connection is
 * closed, so that a slow sender cannot hold it.
 */
public final class LingeringClose {
  private static final long TIMEOUT_MS = 2_000;

  private LingeringClose() {}

  /** Follows a request; call it before anything is answered. */
  public static void after(RoutingContext context) {
    MultiMap headers = context.request().headers();
    if (headers.contains(HttpHeaders.CONTENT_LENGTH)
        || headers.contains(HttpHeaders.TRANSFER_ENCODING)) {
      context.addEndHandler(answered -> answered(context));
    }
  }

  /** May be called on a worker thread, so it continues on the event loop of the request. */
  private static void answered(RoutingContext context) {
    if (!context.request().isEnded()) {
      context.vertx().getOrCreateContext().runOnContext(later -> linger(context));
    }
  }

  private static void linger(RoutingContext context) {
    HttpServerRequest request = context.request();
    if (request.isEnded()) {
      return;
    }
    // No close handler is set: the framework has its own there, and counts connections with it.
    HttpConnection connection = request.connection();
    boolean last = "close".equals(context.response().headers().get(HttpHeaders.CONNECTION));
    long timer = context.vertx().setTimer(TIMEOUT_MS, late -> connection.close());
    request.handler(dropped -> {}).endHandler(complete -> end(context, timer, last)).resume();
  }

  private static void end(RoutingContext context, long timer, boolean last) {
    context.vertx().cancelTimer(timer);
    if (last) {
      context.request().connection().close();
    }
  }
}
