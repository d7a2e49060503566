package io.fastyoke.integrations.bench;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.HdrHistogram.Histogram;

/**
 * The other host, a process of its own. Answers 200 with small JSON, after a delay if the first
 * step of the path is {@code slow-MILLIS}, and keeps for each first step what has arrived: every
 * delivery id once, and the time since the request was meant to be made, which is in the body.
 */
final class Receiver {
  private static final byte[] STARTED = "\"started\":".getBytes(StandardCharsets.US_ASCII);
  private static final String SLOW = "slow-";
  private static final Buffer ANSWER = Buffer.buffer("{\"received\":true}");

  /** What has arrived below one first step of the path. */
  private static final class Arrivals {
    private final Set<UUID> deliveries = new HashSet<>();
    private final Histogram latencies = new Histogram(3);
    private long repeated;

    void add(String delivery, long startedAt) {
      if (delivery != null && !deliveries.add(UUID.fromString(delivery))) {
        repeated++;
      } else if (startedAt > 0) {
        latencies.recordValue(Math.max(0, Clock.now() - startedAt));
      }
    }

    /** Distinct deliveries, repeated ones, and the histogram. */
    String report() {
      ByteBuffer encoded = ByteBuffer.allocate(latencies.getNeededByteBufferCapacity());
      int length = latencies.encodeIntoCompressedByteBuffer(encoded);
      byte[] bytes = new byte[length];
      encoded.get(0, bytes);
      return deliveries.size() + " " + repeated + " " + Base64.getEncoder().encodeToString(bytes);
    }
  }

  private final Vertx vertx;
  private final Map<String, Arrivals> byStep = new HashMap<>();

  private Receiver(Vertx vertx) {
    this.vertx = vertx;
  }

  /** Prints its port in one line and stops when its standard input ends. */
  public static void main(String[] args) throws Exception {
    Vertx vertx = Vertx.vertx();
    Receiver receiver = new Receiver(vertx);
    vertx
        .createHttpServer()
        .requestHandler(receiver::handle)
        .listen(0, "127.0.0.1")
        .onSuccess(server -> System.out.println(server.actualPort()))
        .onFailure(failure -> System.exit(1));
    Child.stayUntilParentEnds();
  }

  private void handle(HttpServerRequest request) {
    String path = request.path();
    int end = path.indexOf('/', 1);
    String step = path.substring(1, end < 0 ? path.length() : end);
    if (path.endsWith("/report")) {
      Arrivals arrivals = byStep.remove(step);
      request.response().end((arrivals == null ? new Arrivals() : arrivals).report());
      return;
    }
    request.bodyHandler(
        body -> {
          byStep
              .computeIfAbsent(step, any -> new Arrivals())
              .add(request.getHeader("X-FastYoke-Delivery"), startedAt(body));
          answer(request, step);
        });
  }

  private void answer(HttpServerRequest request, String step) {
    Runnable answer =
        () -> request.response().putHeader("Content-Type", "application/json").end(ANSWER.copy());
    if (step.startsWith(SLOW)) {
      vertx.setTimer(Long.parseLong(step.substring(SLOW.length())), timer -> answer.run());
    } else {
      answer.run();
    }
  }

  /** Without a JSON parser, which would take more than all the rest. */
  private static long startedAt(Buffer body) {
    byte[] bytes = body.getBytes();
    for (int i = 0; i + STARTED.length < bytes.length; i++) {
      if (java.util.Arrays.equals(bytes, i, i + STARTED.length, STARTED, 0, STARTED.length)) {
        long number = 0;
        for (int at = i + STARTED.length; at < bytes.length && Character.isDigit(bytes[at]); at++) {
          number = number * 10 + bytes[at] - '0';
        }
        return number;
      }
    }
    return 0;
  }
}
