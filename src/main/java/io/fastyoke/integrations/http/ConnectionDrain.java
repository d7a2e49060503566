package io.fastyoke.integrations.http;

import io.vertx.core.Context;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Connection draining at shutdown, without a lost answer. First every answer has {@code Connection:
 * close} and its connection is closed; then the service stops listening; then the requests in
 * flight are answered. {@code dispatch.Shutdown} calls the steps in this order.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9112#section-9.6">RFC 9112, 9.6</a>
 */
@Singleton
public class ConnectionDrain {
  /** Without a new request for this long, the remaining connections are idle. */
  private static final long IDLE_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

  private static final String COUNTED = "fastyoke.counted";

  private final AtomicInteger open = new AtomicInteger();
  private final Queue<Runnable> heldBack = new ConcurrentLinkedQueue<>();
  private volatile boolean draining;
  private volatile boolean holding;
  private volatile long lastBegun;

  /** From now on every answer is the last one on its connection. */
  public void begin() {
    draining = true;
  }

  /** Whether the service is shutting down. */
  public boolean isDraining() {
    return draining;
  }

  /**
   * Delays all answers until {@link #release}. A client that waits for an answer opens no new
   * connection, and connections in the kernel's accept queue are reset when the listening socket
   * closes.
   */
  public void hold() {
    holding = true;
  }

  /** Stops accepting connections. */
  public void stopListening() {
    ServerChannels.stopListening();
  }

  /** Whether all listening sockets are closed. */
  public boolean hasStoppedListening() {
    return ServerChannels.hasStoppedListening();
  }

  /** Continues the delayed requests. */
  public void release() {
    holding = false;
    lastBegun = System.nanoTime();
    resume();
  }

  private void resume() {
    for (Runnable next = heldBack.poll(); next != null; next = heldBack.poll()) {
      next.run();
    }
  }

  /** Whether all requests are answered, and all open connections are idle. */
  public boolean isIdle() {
    return open.get() == 0
        && (ServerChannels.connections() == 0 || System.nanoTime() - lastBegun > IDLE_NANOS);
  }

  /** Half-closes the remaining connections, which are idle. */
  public void endIdle() {
    ServerChannels.halfCloseAll();
  }

  /** Whether no connection is open. */
  public boolean isClosed() {
    return ServerChannels.connections() == 0;
  }

  /** The number of requests without an answer yet. */
  public int unanswered() {
    return open.get();
  }

  /** Follows a request; call it before anything is answered, and again after a reroute. */
  void follow(RoutingContext context, Handler<RoutingContext> next) {
    context.addHeadersEndHandler(written -> sayClose(context));
    if (context.get(COUNTED) == null) {
      context.put(COUNTED, true);
      open.incrementAndGet();
      context.addEndHandler(answered -> ended(context));
    }
    if (draining) {
      lastBegun = System.nanoTime();
    }
    if (holding) {
      Context here = context.vertx().getOrCreateContext();
      heldBack.add(() -> here.runOnContext(released -> next.handle(context)));
      if (!holding) {
        resume();
      }
    } else {
      next.handle(context);
    }
  }

  private void sayClose(RoutingContext context) {
    // HTTP/2 has no such header (RFC 9113, section 8.2.2).
    if (draining && context.request().version() == HttpVersion.HTTP_1_1) {
      context.response().headers().set(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
    }
  }

  /**
   * Closes the connection if its client was told so. A request that has not arrived as a whole is
   * left to {@code body.LingeringClose}.
   */
  private void ended(RoutingContext context) {
    open.decrementAndGet();
    HttpServerResponse response = context.response();
    if (draining
        && response.headers().contains(HttpHeaders.CONNECTION, HttpHeaders.CLOSE, true)
        && context.request().isEnded()
        && !response.closed()) {
      context.request().connection().close();
    }
  }
}
