package io.fastyoke.integrations.http.body;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.fastyoke.integrations.http.Plain;
import io.fastyoke.integrations.identity.Jwts;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The memory of bodies that are being received, and the rate limit before it. */
@QuarkusTest
@TestProfile(BufferedBodiesTest.Little.class)
class BufferedBodiesTest {
  private static final int TIMEOUT_MS = 20_000;

  /** Room for one body of a megabyte. */
  public static final class Little extends Plain {
    @Override
    public Map<String, String> getConfigOverrides() {
      return Map.of(
          "fastyoke.http.request-bodies-max-bytes", "1200K",
          "fastyoke.http.rate-limit-per-tenant", "3");
    }
  }

  @TestHTTPResource("/")
  URI base;

  @Test
  void allBodiesTogetherAreBounded() throws IOException {
    String part = "{\"name\":\"" + "x".repeat(700_000);
    try (Socket first = post("a", 1_000_000, part)) {
      // The second one is refused; either may be read first.
      try (Socket second = post("b", 1_000_000, part)) {
        second.setSoTimeout(TIMEOUT_MS);
        first.setSoTimeout(1);
        String status = statusOfEither(first, second);
        assertThat(status).contains(" 503 ");
      }
    }
    // The memory is released, also that of clients that disconnected, once that is noticed.
    int taken = 0;
    for (int i = 0; i < 500 && taken < 5; i++) {
      String whole = part + "\"}";
      try (Socket again = post("c" + i, whole.length(), whole)) {
        taken += status(again).contains(" 200 ") ? 1 : 0;
      }
    }
    assertThat(taken).isEqualTo(5);
  }

  private static String statusOfEither(Socket first, Socket second) throws IOException {
    first.setSoTimeout(TIMEOUT_MS / 2);
    second.setSoTimeout(TIMEOUT_MS / 2);
    try {
      return status(second);
    } catch (SocketTimeoutException e) {
      return status(first);
    }
  }

  @Test
  void whatIsOverTheRateIsNotReceivedFirst() throws IOException {
    List<Socket> clients = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      clients.add(post("flood", 10, ""));
    }
    List<String> answers = new ArrayList<>();
    for (Socket client : clients) {
      client.setSoTimeout(500);
      try (client) {
        answers.add(status(client));
      } catch (SocketTimeoutException waits) {
        // It was within the rate, and its body is waited for.
      }
    }
    assertThat(answers).isNotEmpty().allMatch(answer -> answer.contains(" 429 "));
  }

  private Socket post(String tenant, int length, String body) throws IOException {
    Socket socket = new Socket(base.getHost(), base.getPort());
    socket.setSoTimeout(TIMEOUT_MS);
    String head =
        "POST /api/v1/probe/body HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
            + "Authorization: Bearer "
            + Jwts.admin(tenant)
            + "\r\nContent-Length: "
            + length
            + "\r\n\r\n";
    socket.getOutputStream().write((head + body).getBytes(UTF_8));
    return socket;
  }

  private static String status(Socket socket) throws IOException {
    return String.valueOf(
        new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8)).readLine());
  }
}
