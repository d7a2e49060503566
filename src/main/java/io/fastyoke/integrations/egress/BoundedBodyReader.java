package io.fastyoke.integrations.egress;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Reads the body of an answer as it arrives, up to {@value #MAX_BYTES} bytes. */
final class BoundedBodyReader {
  /** How much of an answer's body is stored and shown. */
  static final int KEPT_BYTES = 64 * 1024;

  /** Read beyond that, so that a secret which the limit would cut is found and redacted whole. */
  static final int MARGIN_BYTES = 8 * 1024;

  static final int MAX_BYTES = KEPT_BYTES + MARGIN_BYTES;

  /** An answer, complete or cut. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record BoundedAnswer(
      int status, List<Map.Entry<String, String>> headers, byte[] body, boolean truncated) {
    Exchange.Answered after(Duration elapsed) {
      return new Exchange.Answered(status, headers, body, truncated, elapsed);
    }
  }

  private final HttpClientResponse response;
  private final Consumer<BoundedAnswer> done;
  private final ByteArrayOutputStream body = new ByteArrayOutputStream();

  BoundedBodyReader(HttpClientResponse response, Consumer<BoundedAnswer> done) {
    this.response = response;
    this.done = done;
  }

  /** Must run in the task that delivered the response, or the start of the body is lost. */
  void begin() {
    response.handler(this::take);
    response.endHandler(end -> done.accept(answer(false)));
  }

  private void take(Buffer chunk) {
    int remaining = MAX_BYTES - body.size();
    body.writeBytes(chunk.getBytes(0, Math.min(remaining, chunk.length())));
    if (chunk.length() > remaining) {
      response.handler(null).endHandler(null);
      done.accept(answer(true));
    }
  }

  /** The part that has arrived of an answer that will not be complete. */
  BoundedAnswer soFar() {
    return answer(true);
  }

  private BoundedAnswer answer(boolean truncated) {
    List<Map.Entry<String, String>> headers = new ArrayList<>();
    response.headers().forEach((name, value) -> headers.add(Map.entry(name, value)));
    return new BoundedAnswer(
        response.statusCode(), List.copyOf(headers), body.toByteArray(), truncated);
  }
}
