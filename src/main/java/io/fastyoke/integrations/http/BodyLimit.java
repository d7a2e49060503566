package io.fastyoke.integrations.http;

import io.fastyoke.integrations.errors.StatusProblems;
import io.vertx.core.Vertx;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.ext.Provider;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.jboss.resteasy.reactive.server.core.ResteasyReactiveRequestContext;
import org.jboss.resteasy.reactive.server.spi.ResteasyReactiveContainerRequestContext;
import org.jboss.resteasy.reactive.server.spi.ResteasyReactiveContainerRequestFilter;
import org.jboss.resteasy.reactive.server.spi.ServerHttpRequest;

/**
 * Reads the body of an authorized request on the event loop, bounded in size and time, and all
 * bodies together in memory. The framework would move bodies above 10 KiB to a worker thread and
 * answer too large chunked ones without an envelope.
 */
// Application scoped, for the framework makes filters at build time, before settings are known.
@ApplicationScoped
@Provider
class BodyLimit implements ResteasyReactiveContainerRequestFilter {
  private final Vertx vertx;
  private final BodyBudget budget;
  private final RequestHeap heap;
  private final long maxBytes;
  private final Duration timeout;

  BodyLimit(Vertx vertx, BodyBudget budget, RequestHeap heap, HttpSettings settings) {
    this.vertx = vertx;
    this.budget = budget;
    this.heap = heap;
    this.maxBytes = settings.requestMaxBytes().asLongValue();
    this.timeout = settings.requestBodyTimeout();
  }

  @Override
  public void filter(ResteasyReactiveContainerRequestContext context) {
    ResteasyReactiveRequestContext routed =
        (ResteasyReactiveRequestContext) context.getServerRequestContext();
    ServerHttpRequest request = routed.serverRequest();
    if (!request.isRequestEnded()) {
      context.suspend();
      Reading reading = new Reading(context, request);
      RoutingContext routing = routed.unwrap(RoutingContext.class);
      // Of a body that nobody has read; and of one whose sender is gone, which has no end.
      routing.addEndHandler(ended -> reading.answered());
      routing.request().exceptionHandler(gone -> reading.fail(408));
      reading.timer = vertx.setTimer(timeout.toMillis(), id -> reading.fail(408));
      request.setReadListener(reading);
    }
  }

  private final class Reading implements ServerHttpRequest.ReadCallback {
    private final ResteasyReactiveContainerRequestContext context;
    private final ServerHttpRequest request;
    private final ReceivedBody body = new ReceivedBody(budget, Math.toIntExact(maxBytes));
    private final RequestHeap.Share share = heap.new Share();
    private boolean over;
    private long timer;

    Reading(ResteasyReactiveContainerRequestContext context, ServerHttpRequest request) {
      this.context = context;
      this.request = request;
    }

    @Override
    public void data(ByteBuffer part) {
      if (over) {
        return;
      }
      if (body.size() + part.remaining() > maxBytes) {
        fail(413);
      } else if (!share.take(part) || !body.add(part)) {
        fail(503);
      }
    }

    @Override
    public void done() {
      if (end()) {
        context.setEntityStream(body);
        context.resume();
      }
    }

    void answered() {
      body.discard();
      share.letGo();
    }

    private void fail(int status) {
      if (end()) {
        body.discard();
        request.pauseRequestInput();
        context.resume(StatusProblems.of(status));
      }
    }

    private boolean end() {
      boolean first = !over;
      over = true;
      vertx.cancelTimer(timer);
      return first;
    }
  }
}
