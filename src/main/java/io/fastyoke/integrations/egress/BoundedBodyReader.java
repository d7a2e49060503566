package io.fastyoke.integrations.egress;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Reads an answer up to a cap, as it comes. */
final class BoundedBodyReader {
  /** What is kept of an answer's body in the end. */
  static final int KEPT_BYTES = 64 * 1024;

  /** Read on top, so that a secret that the cap cuts in two is still recognised as one. */
  static final int MARGIN_BYTES = 8 * 1024;

  static final int MOST_BYTES = KEPT_BYTES + MARGIN_BYTES;

  /** An answer, complete or cut. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Answer(
      int status, List<Map.Entry<String, String>> headers, byte[] body, boolean truncated) {}

  private final HttpClientResponse response;
  private final Consumer<Answer> done;
  private final ByteArrayOutputStream body = new ByteArrayOutputStream();

  BoundedBodyReader(HttpClientResponse response, Consumer<Answer> done) {
    this.response = response;
    this.done = done;
  }

  /** Has to be called in the same tick as the response came, or the start of the body is lost. */
  void begin() {
    response.handler(this::take);
    response.endHandler(end -> done.accept(answer(false)));
  }

  private void take(Buffer chunk) {
    int room = MOST_BYTES - body.size();
    body.writeBytes(chunk.getBytes(0, Math.min(room, chunk.length())));
    if (chunk.length() > room) {
      response.handler(null).endHandler(null);
      done.accept(answer(true));
    }
  }

  /** What has arrived by now of an answer that will not be complete. */
  Answer soFar() {
    return answer(true);
  }

  private Answer answer(boolean truncated) {
    List<Map.Entry<String, String>> headers = new ArrayList<>();
    response.headers().forEach((name, value) -> headers.add(Map.entry(name, value)));
    return new Answer(response.statusCode(), List.copyOf(headers), body.toByteArray(), truncated);
  }
}
