package io.fastyoke.integrations.http.body;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.fastyoke.integrations.http.Plain;
import io.fastyoke.integrations.identity.Jwts;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(Plain.AndTightLimits.class)
class BodyLimitTest {
  private static final int LIMIT = 1024 * 1024;

  @TestHTTPResource("/")
  URI base;

  @Test
  void aBodyUpToTheLimitIsReadOnTheEventLoop() throws IOException {
    String body = body(LIMIT);
    assertThat(announced(body, LIMIT)).startsWith("HTTP/1.1 200").contains("\"event_loop\":true");
    assertThat(chunked(body)).startsWith("HTTP/1.1 200").contains("\"event_loop\":true");
  }

  @Test
  void aLargerAnnouncedBodyIsRefusedBeforeItIsSent() throws IOException {
    assertTooLarge(announced("", LIMIT + 1));
    assertTooLarge(announced("", Long.MAX_VALUE));
  }

  @Test
  void aLargerChunkedBodyIsRefusedWhenItGetsThere() throws IOException {
    assertTooLarge(chunked(body(LIMIT + 1)));
    assertTooLarge(chunked(body(3 * LIMIT)));
  }

  @Test
  void aBodyThatDoesNotArriveIsGivenUp() throws IOException {
    String answer = announced("{\"name\":", 100);
    assertThat(answer).startsWith("HTTP/1.1 408").contains("\"error\":\"request_timeout\"");
  }

  @Test
  void withoutATokenABodyIsNotReadAtAll() throws IOException {
    String answer =
        send(
            "POST /api/v1/probe/body HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
                + "Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}");
    assertThat(answer).startsWith("HTTP/1.1 401").contains("\"error\":\"unauthorized\"");
  }

  @Test
  void aClientThatAsksFirstIsToldToGoOn() throws IOException {
    String answer =
        send(head() + "Connection: close\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n{}");
    assertThat(answer).startsWith("HTTP/1.1 100").contains("HTTP/1.1 200");
  }

  private static void assertTooLarge(String answer) {
    assertThat(answer)
        .startsWith("HTTP/1.1 413")
        .contains("application/json")
        .contains("\"error\":\"payload_too_large\"");
  }

  /** A JSON object of exactly that many bytes. */
  private static String body(int bytes) {
    String start = "{\"name\":\"";
    return start + "x".repeat(bytes - start.length() - 2) + "\"}";
  }

  private String announced(String body, long length) throws IOException {
    return send(head() + "Connection: close\r\nContent-Length: " + length + "\r\n\r\n" + body);
  }

  private String chunked(String body) throws IOException {
    StringBuilder request = new StringBuilder(head());
    request.append("Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n");
    int size = 64 * 1024;
    for (int from = 0; from < body.length(); from += size) {
      String part = body.substring(from, Math.min(body.length(), from + size));
      request.append(Integer.toHexString(part.length())).append("\r\n").append(part).append("\r\n");
    }
    return send(request.append("0\r\n\r\n").toString());
  }

  private static String head() {
    // A tenant for each request, so that the rate limit of this profile is not what answers.
    String tenant = "t" + System.nanoTime();
    return "POST /api/v1/probe/body HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        + ("Authorization: Bearer " + Jwts.admin(tenant) + "\r\n");
  }

  private String send(String request) throws IOException {
    try (Socket socket = new Socket(base.getHost(), base.getPort())) {
      socket.setSoTimeout(10_000);
      try {
        OutputStream out = socket.getOutputStream();
        out.write(request.getBytes(UTF_8));
        out.flush();
      } catch (SocketException e) {
        // The server may hang up before it has everything; what it said first is what counts.
        assertThat(e.getMessage()).isNotEmpty();
      }
      return new String(socket.getInputStream().readAllBytes(), UTF_8);
    }
  }
}
