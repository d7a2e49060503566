package io.fastyoke.integrations.bench;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetSocket;
import java.nio.charset.StandardCharsets;
import java.util.function.IntConsumer;

/**
 * One kept-alive HTTP/1.1 connection with one request at a time. It reads no more of an answer than
 * its status and length, so that the generator takes little of the machine that it measures.
 */
final class Line {
  private static final String LENGTH = "content-length:";
  private static final int LOST = 0;

  private final NetSocket socket;
  private Buffer received = Buffer.buffer();
  private IntConsumer answered;
  private boolean lost;

  private Line(NetSocket socket) {
    this.socket = socket;
    socket.handler(this::take);
    socket.closeHandler(closed -> lose());
    socket.exceptionHandler(failure -> socket.close());
  }

  static Future<Line> open(NetClient client, int port) {
    return client.connect(port, "127.0.0.1").map(Line::new);
  }

  /**
   * Sends a whole request, head and body.
   *
   * @param then told the status of the answer, or 0 when the connection is lost
   */
  void send(Buffer request, IntConsumer then) {
    if (lost) {
      then.accept(LOST);
      return;
    }
    answered = then;
    socket.write(request);
  }

  void close() {
    answered = null;
    socket.close();
  }

  private void take(Buffer chunk) {
    received.appendBuffer(chunk);
    int head = endOfHead();
    if (head < 0) {
      return;
    }
    int whole = head + length(received.getString(0, head));
    if (received.length() >= whole) {
      int status = Integer.parseInt(received.getString(9, 12));
      received = Buffer.buffer();
      answer(status);
    }
  }

  private void lose() {
    lost = true;
    answer(LOST);
  }

  private void answer(int status) {
    IntConsumer then = answered;
    answered = null;
    if (then != null) {
      then.accept(status);
    }
  }

  private int endOfHead() {
    for (int i = 3; i < received.length(); i++) {
      if (received.getByte(i) == '\n' && received.getByte(i - 2) == '\n') {
        return i + 1;
      }
    }
    return -1;
  }

  private static int length(String head) {
    for (String line : head.split("\r\n")) {
      if (line.regionMatches(true, 0, LENGTH, 0, LENGTH.length())) {
        return Integer.parseInt(line.substring(LENGTH.length()).trim());
      }
    }
    throw new IllegalStateException("an answer without Content-Length: " + head);
  }

  /** The bytes of a POST with a JSON body. */
  static Buffer post(String path, String headers, String body) {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    return Buffer.buffer(
            "POST "
                + path
                + " HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
                + headers
                + "Content-Length: "
                + bytes.length
                + "\r\n\r\n")
        .appendBytes(bytes);
  }
}
