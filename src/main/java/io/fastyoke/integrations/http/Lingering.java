package io.fastyoke.integrations.http;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;

/**
 * What becomes of a request whose answer is sent before all of it has arrived. The rest is taken
 * and dropped for a moment: to a client that is still sending, an end at once is a reset, and it
 * would not see the answer (RFC 9112, section 9.6). Who sends for longer holds a connection for
 * nothing, with or without a token.
 */
final class Lingering {
  private static final long MS = 2_000;

  private Lingering() {}

  /** To be called before anything is answered. */
  static void after(RoutingContext context) {
    MultiMap headers = context.request().headers();
    if (headers.contains(HttpHeaders.CONTENT_LENGTH)
        || headers.contains(HttpHeaders.TRANSFER_ENCODING)) {
      context.addEndHandler(answered -> answered(context));
    }
  }

  /** Maybe on a worker thread, where the request could end in the middle of what follows. */
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
    // Its close handler is the framework's, which counts the connections with it.
    HttpConnection connection = request.connection();
    boolean last = "close".equals(context.response().headers().get(HttpHeaders.CONNECTION));
    long timer = context.vertx().setTimer(MS, late -> connection.close());
    request.handler(dropped -> {}).endHandler(complete -> end(context, timer, last)).resume();
  }

  private static void end(RoutingContext context, long timer, boolean last) {
    context.vertx().cancelTimer(timer);
    if (last) {
      context.request().connection().close();
    }
  }
}
