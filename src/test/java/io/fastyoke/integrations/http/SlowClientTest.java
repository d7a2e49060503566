package io.fastyoke.integrations.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Clients that open connections and do not say what they want, or say far too much. */
@QuarkusTest
@TestProfile(SlowClientTest.Impatient.class)
class SlowClientTest {
  private static final int CLIENTS = 200;
  private static final int MAX_CONNECTIONS = 300;
  private static final int TIMEOUT_MS = 60_000;

  /** The shipped idle timeout is 75 s. */
  public static final class Impatient implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      return Map.of(
          "quarkus.http.idle-timeout",
          "1S",
          "quarkus.http.limits.max-connections",
          Integer.toString(MAX_CONNECTIONS));
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

  /** What is beyond the limit is closed at once; the rest has its second. */
  @Test
  void connectionsAreBounded() throws IOException {
    List<Socket> clients = new ArrayList<>();
    for (int i = 0; i < MAX_CONNECTIONS + 20; i++) {
      clients.add(connect(""));
    }
    int closed = 0;
    for (Socket client : clients.subList(MAX_CONNECTIONS, clients.size())) {
      client.setSoTimeout(closed == 0 ? 300 : 10);
      closed += isClosed(client) ? 1 : 0;
    }
    for (Socket client : clients) {
      client.close();
    }
    assertThat(closed).isPositive();
    assertThat(ask("GET /q/health/live HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
        .startsWith("HTTP/1.1 200");
  }

  private static boolean isClosed(Socket client) throws IOException {
    try {
      return client.getInputStream().read() < 0;
    } catch (SocketTimeoutException open) {
      return false;
    } catch (SocketException reset) {
      return true;
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

  /** A head that never ends is not progress: the time runs from the start of the connection. */
  @Test
  void aHeadThatDripsIsHungUpOn() throws IOException {
    try (Socket client = connect("GET /q/health/live HTTP/1.1\r\nHost: x\r\nX-Slow: ")) {
      client.setSoTimeout(100);
      assertThat(dripUntilClosed(client)).isEmpty();
    }
  }

  @Test
  void aBodyThatDripsAfterItsAnswerIsHungUpOn() throws IOException {
    for (String path : List.of("/api/v1/probe/body", "/api/v1/nothing", "/q/health/live")) {
      String head = "POST " + path + " HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n";
      try (Socket client = connect(head + "Content-Length: 100000\r\n\r\n")) {
        client.setSoTimeout(100);
        assertThat(dripUntilClosed(client)).as(path).startsWith("HTTP/1.1 ");
      }
    }
  }

  /** A client that sends the rest in time may reuse the connection. */
  @Test
  void aConnectionIsKeptWhenTheRestOfTheBodyArrives() throws IOException {
    String unauthorized =
        "POST /api/v1/probe/body HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\n";
    try (Socket client = connect(unauthorized)) {
      BufferedReader answers =
          new BufferedReader(new InputStreamReader(client.getInputStream(), UTF_8));
      assertThat(answers.readLine()).contains(" 401 ");
      String next = "GET /q/health/live HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
      client.getOutputStream().write(("null" + next).getBytes(UTF_8));
      assertThat(answers.lines()).anyMatch(line -> line.endsWith("HTTP/1.1 200 OK"));
    }
  }

  /** Over HTTP/2 one stream could end the connection of others, and slow heads have no deadline. */
  @Test
  void http2IsNotSpoken() throws IOException {
    String preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0";
    assertThat(ask(preface)).doesNotContain("\4\0\0\0\0\0");
    String upgrade =
        "GET /q/health/live HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, HTTP2-Settings\r\n"
            + "Upgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA\r\n\r\n";
    assertThat(ask(upgrade)).startsWith("HTTP/1.1 200");
  }

  /** All that was answered while a byte was sent every 100 ms, until the other side had enough. */
  private static String dripUntilClosed(Socket client) throws IOException {
    ByteArrayOutputStream answer = new ByteArrayOutputStream();
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (System.nanoTime() < deadline) {
      try {
        client.getOutputStream().write('x');
        int read = client.getInputStream().read();
        if (read < 0) {
          return answer.toString(UTF_8);
        }
        answer.write(read);
        answer.writeBytes(client.getInputStream().readNBytes(client.getInputStream().available()));
      } catch (SocketTimeoutException nothingYet) {
        // The next byte.
      } catch (SocketException closed) {
        return answer.toString(UTF_8);
      }
    }
    throw new AssertionError("still open; answered: " + answer.toString(UTF_8));
  }

  private Socket connect(String text) throws IOException {
    Socket socket = new Socket(base.getHost(), base.getPort());
    socket.setSoTimeout(TIMEOUT_MS);
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
