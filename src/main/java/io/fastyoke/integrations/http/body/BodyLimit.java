package io.fastyoke.integrations.http.body;

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
 * Reads the body of an authorized request on the event loop, within limits of size (413), time
 * (408) and memory of all requests together (503). The framework would move bodies above 10 KiB to
 * a worker thread and answer chunked bodies that are too large without the error envelope (ADR 9).
 */
// Application scoped: the framework creates other filters at build time, without settings.
@ApplicationScoped
@Provider
class BodyLimit implements ResteasyReactiveContainerRequestFilter {
  private final Vertx vertx;
  private final RequestMemoryBudget budget;
  private final long maxBytes;
  private final Duration timeout;

  BodyLimit(Vertx vertx, RequestMemoryBudget budget, BodySettings settings) {
    this.vertx = vertx;
    this.budget = budget;
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
      BodyRead read = new BodyRead(context, request);
      RoutingContext routing = routed.unwrap(RoutingContext.class);
      // Also for a body that the endpoint did not read.
      routing.addEndHandler(ended -> read.answered());
      // A client that disconnects sends no end of its body.
      routing.request().exceptionHandler(disconnected -> read.fail(408));
      read.timer = vertx.setTimer(timeout.toMillis(), id -> read.fail(408));
      request.setReadListener(read);
    }
  }

  private final class BodyRead implements ServerHttpRequest.ReadCallback {
    private final ResteasyReactiveContainerRequestContext context;
    private final ServerHttpRequest request;
    private final RequestMemoryBudget.Reservation memory = budget.open();
    private final ReceivedBody body = new ReceivedBody(memory, Math.toIntExact(maxBytes));
    private boolean ended;
    private long timer;

    BodyRead(ResteasyReactiveContainerRequestContext context, ServerHttpRequest request) {
      this.context = context;
      this.request = request;
    }

    @Override
    public void data(ByteBuffer part) {
      if (ended) {
        return;
      }
      if (body.size() + part.remaining() > maxBytes) {
        fail(413);
      } else if (!memory.reserveHeap(part) || !body.add(part)) {
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
      memory.close();
    }

    private void fail(int status) {
      if (end()) {
        body.discard();
        request.pauseRequestInput();
        context.resume(StatusProblems.of(status));
      }
    }

    private boolean end() {
      boolean first = !ended;
      ended = true;
      vertx.cancelTimer(timer);
      return first;
    }
  }
}
