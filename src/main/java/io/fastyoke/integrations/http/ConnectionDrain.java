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
 * Connection draining: how HTTP ends without an answer that gets lost. First every answer says
 * {@code Connection: close}, and its connection ends; then no new connection is taken; then what
 * has begun is answered. The order is that of {@code runs.Shutdown}.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9112#section-9.6">RFC 9112, 9.6</a>
 */
@Singleton
public class ConnectionDrain {
  /** A connection on which nothing has been asked for this long is idle. */
  private static final long IDLE_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

  private static final String COUNTED = "fastyoke.counted";

  private final AtomicInteger open = new AtomicInteger();
  private final Queue<Runnable> heldBack = new ConcurrentLinkedQueue<>();
  private volatile boolean draining;
  private volatile boolean holding;
  private volatile long lastBegun;

  /** From here on every answer is the last one of its connection. */
  public void begin() {
    draining = true;
  }

  /** Whether the service is about to end. */
  public boolean isDraining() {
    return draining;
  }

  /**
   * Answers nothing for a moment: who waits for an answer opens no connection, and a connection
   * that the system has taken, but not this process, is reset when the listening socket closes.
   */
  public void hold() {
    holding = true;
  }

  /** Takes no new connection. */
  public void stopListening() {
    ServerChannels.stopListening();
  }

  /** Whether nothing is listened on any more. */
  public boolean listensNoMore() {
    return ServerChannels.listensNoMore();
  }

  /** Goes on with what was held back. */
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

  /** Whether every request is answered, and no connection is left that may bring another soon. */
  public boolean isQuiet() {
    return open.get() == 0
        && (ServerChannels.connections() == 0 || System.nanoTime() - lastBegun > IDLE_NANOS);
  }

  /** Ends the connections that are left; they are idle. */
  public void endIdle() {
    ServerChannels.endAll();
  }

  /** Whether all clients have seen the end of their connections. */
  public boolean isOver() {
    return ServerChannels.connections() == 0;
  }

  /** How many requests have no answer yet. */
  public int unanswered() {
    return open.get();
  }

  /** To be called for each request, before anything is answered; again when it was rerouted. */
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
    // Within HTTP/2 there is no such header (RFC 9113, 8.2.2).
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
