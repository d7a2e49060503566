package io.fastyoke.integrations.http;

import io.quarkus.runtime.configuration.MemorySize;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.ext.Provider;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.jboss.resteasy.reactive.server.core.ResteasyReactiveRequestContext;
import org.jboss.resteasy.reactive.server.spi.ResteasyReactiveContainerRequestContext;
import org.jboss.resteasy.reactive.server.spi.ResteasyReactiveContainerRequestFilter;
import org.jboss.resteasy.reactive.server.spi.ServerHttpRequest;

/**
 * Reads the body of an authorized request on the event loop, bounded in size and time, and all of
 * them together in what they take of the heap: beyond that the answer is 503. The framework would
 * move bodies above 10 KiB to a worker thread and answer too large chunked ones without an
 * envelope.
 */
// Application scoped, for the framework makes filters at build time, before settings are known.
@ApplicationScoped
@Provider
class BodyLimit implements ResteasyReactiveContainerRequestFilter {
  /** A body is here as it arrived, as one array, and as the text of its values. */
  private static final int HEAP_PER_BYTE = 3;

  /** An object or an array takes that much once it is read, however little is in it. */
  private static final int HEAP_PER_BRACKET = 80;

  private static final int PART_OF_HEAP = 4;

  private final Vertx vertx;
  private final long maxBytes;
  private final long maxTogether;
  private final AtomicLong together = new AtomicLong();
  private final Duration timeout;

  BodyLimit(Vertx vertx, HttpSettings settings) {
    this.vertx = vertx;
    this.maxBytes = settings.requestMaxBytes().asLongValue();
    this.maxTogether =
        settings
            .requestsMaxHeap()
            .map(MemorySize::asLongValue)
            .orElseGet(() -> Runtime.getRuntime().maxMemory() / PART_OF_HEAP);
    this.timeout = settings.requestBodyTimeout();
  }

  @Override
  public void filter(ResteasyReactiveContainerRequestContext context) {
    ResteasyReactiveRequestContext server =
        (ResteasyReactiveRequestContext) context.getServerRequestContext();
    ServerHttpRequest request = server.serverRequest();
    if (!request.isRequestEnded()) {
      context.suspend();
      Reading reading = new Reading(context, request);
      server.registerCompletionCallback(failure -> reading.letGo());
      reading.timer = vertx.setTimer(timeout.toMillis(), id -> reading.fail(408));
      request.setReadListener(reading);
    }
  }

  private final class Reading implements ServerHttpRequest.ReadCallback {
    private final ResteasyReactiveContainerRequestContext context;
    private final ServerHttpRequest request;
    private final ByteArrayOutputStream received = new ByteArrayOutputStream();
    private boolean over;
    private final AtomicLong heap = new AtomicLong();
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
      if (received.size() + part.remaining() > maxBytes) {
        fail(413);
        return;
      }
      byte[] bytes = new byte[part.remaining()];
      part.get(bytes);
      long takes = heapOf(bytes);
      long own = heap.addAndGet(takes);
      long all = together.addAndGet(takes);
      // Whoever is alone is let in, however large.
      if (all > maxTogether && all > own) {
        fail(503);
        return;
      }
      received.writeBytes(bytes);
    }

    private static long heapOf(byte[] json) {
      long takes = (long) json.length * HEAP_PER_BYTE;
      for (byte character : json) {
        takes += character == '{' || character == '[' ? HEAP_PER_BRACKET : 0;
      }
      return takes;
    }

    /** What was read of the body is kept until the answer is complete. */
    void letGo() {
      together.addAndGet(-heap.getAndSet(0));
    }

    @Override
    public void done() {
      if (end()) {
        context.setEntityStream(new ByteArrayInputStream(received.toByteArray()));
        context.resume();
      }
    }

    private void fail(int status) {
      if (end()) {
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
