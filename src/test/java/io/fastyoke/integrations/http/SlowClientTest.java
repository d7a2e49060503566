package io.fastyoke.integrations.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Clients that open connections and do not say what they want, or say far too much. */
@QuarkusTest
@TestProfile(SlowClientTest.Impatient.class)
class SlowClientTest {
  private static final int CLIENTS = 200;
  private static final int PATIENCE_MS = 60_000;

  /** The shipped idle timeout is 75 s. */
  public static final class Impatient implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      return Map.of("quarkus.http.idle-timeout", "1S");
    }
  }

  @TestHTTPResource("/")
  URI base;

  @Test
  void aHeadThatStopsArrivingIsHungUpOn() throws IOException {
    List<Socket> clients = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      clients.add(connect("GET /api/v1/probe/caller HTTP/1.1\r\nHost: x\r\nX-Slow: "));
    }
    assertThat(ask("GET /q/health/live HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
        .startsWith("HTTP/1.1 200");
    for (Socket client : clients) {
      assertThat(readAll(client)).doesNotContain("HTTP/1.1 200");
    }
  }

  @Test
  void aConnectionThatSaysNothingIsHungUpOn() throws IOException {
    assertThat(ask("")).isEmpty();
  }

  @Test
  void aHeadThatIsTooLargeIsRefused() throws IOException {
    String end = "\r\nConnection: close\r\n\r\n";
    assertThat(ask("GET / HTTP/1.1\r\nHost: x\r\nX-Much: " + "x".repeat(40_000) + end))
        .contains(" 431 ");
    assertThat(ask("GET /" + "x".repeat(9_000) + " HTTP/1.1\r\nHost: x" + end)).contains(" 414 ");
  }

  /** Clients send all of it before they read; cut off in the middle, they would learn nothing. */
  @Test
  void aClientThatSendsTooMuchMaySendItToTheEnd() throws IOException {
    int length = 4 << 20;
    byte[] part = new byte[1 << 16];
    String head =
        "POST /api/v1/probe/caller HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n";
    try (Socket client = connect(head + "Content-Length: " + length + "\r\n\r\n")) {
      BufferedReader answer =
          new BufferedReader(new InputStreamReader(client.getInputStream(), UTF_8));
      assertThat(answer.readLine()).contains(" 413 ");
      for (int sent = 0; sent < length; sent += part.length) {
        client.getOutputStream().write(part);
      }
      assertThat(answer.lines()).anyMatch(line -> line.contains("payload_too_large"));
    }
  }

  private Socket connect(String text) throws IOException {
    Socket socket = new Socket(base.getHost(), base.getPort());
    socket.setSoTimeout(PATIENCE_MS);
    socket.getOutputStream().write(text.getBytes(UTF_8));
    return socket;
  }

  private String ask(String text) throws IOException {
    return readAll(connect(text));
  }

  /** Everything up to the end of the connection. */
  private static String readAll(Socket socket) throws IOException {
    try (socket) {
      return new String(socket.getInputStream().readAllBytes(), UTF_8);
    } catch (SocketException reset) {
      return "";
    }
  }
}
