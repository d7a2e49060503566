package io.fastyoke.integrations.errors;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.fastyoke.integrations.process.ServiceClient;
import io.fastyoke.integrations.process.ServiceProcess;
import io.restassured.path.json.JsonPath;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the layers below the router refuse has the envelope too. With the service as it is shipped:
 * within the tests' own JVM Netty does not see the application's classes.
 */
class BareRefusalsIT {
  private static final int PATIENCE_MS = 20_000;
  private static final String LIST = "/api/v1/tenant/connections";

  private static EmbeddedPostgres postgres;
  private static ServiceProcess service;
  private static URI base;

  @BeforeAll
  static void start() throws IOException {
    postgres = EmbeddedPostgres.builder().start();
    service =
        ServiceProcess.start(
            Map.of(
                "DATABASE_URL",
                "postgres://postgres@localhost:%d/postgres?sslmode=disable"
                    .formatted(postgres.getPort()),
                "ENCRYPTION_KEY",
                ServiceClient.ENCRYPTION_KEY,
                "JWT_SECRET",
                ServiceClient.JWT_SECRET));
    base = service.baseUri();
  }

  @AfterAll
  static void stop() throws IOException {
    if (service != null) {
      service.close();
    }
    postgres.close();
  }

  private static String ask(String request) throws IOException {
    try (Socket socket = new Socket(base.getHost(), base.getPort())) {
      socket.setSoTimeout(PATIENCE_MS);
      socket.getOutputStream().write(request.getBytes(ISO_8859_1));
      ByteArrayOutputStream answer = new ByteArrayOutputStream();
      try {
        socket.getInputStream().transferTo(answer);
      } catch (SocketException reset) {
        // It hung up before it had read everything; the answer has arrived all the same.
      }
      return answer.toString(ISO_8859_1);
    }
  }

  private static void assertRefused(String answer, int status, String code) {
    assertThat(answer).startsWith("HTTP/1.1 " + status + " ");
    String[] parts = answer.split("\r\n\r\n", 2);
    assertThat(parts[0])
        .contains("\r\nContent-Type: application/json\r\n", "\r\nConnection: close\r\n")
        .contains("\r\nContent-Length: " + parts[1].length());
    assertThat(JsonPath.from(parts[1]).getString("error")).isEqualTo(code);
    assertThat(JsonPath.from(parts[1]).getString("message")).isNotBlank();
    assertThat(JsonPath.from(parts[1]).getMap("details")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        LIST + "/%zz",
        "/%zz",
        "/%",
        LIST + "?limit=%zz",
        LIST + "?limit=%",
        LIST + "?q=<x>{}",
        LIST + "?q=a|b[0]^",
        LIST + "/<x>",
        LIST + "?q=\"x\"",
      })
  void anAddressThatIsNone(String target) throws IOException {
    assertRefused(ask("GET " + target + " HTTP/1.1\r\nHost: x\r\n\r\n"), 400, "validation_failed");
    String head = "HEAD " + target + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    assertThat(ask(head)).startsWith("HTTP/1.1 400 ").endsWith("\r\n\r\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Length: x",
        "Content-Length: -1",
        "Content-Length: 1\r\nContent-Length: 2",
        "Content-Length: 5\r\nTransfer-Encoding: chunked",
        "X Y: z",
      })
  void aHeadThatIsNone(String header) throws IOException {
    String request = "POST " + LIST + " HTTP/1.1\r\nHost: x\r\n" + header + "\r\n\r\n";
    assertRefused(ask(request), 400, "validation_failed");
  }

  @Test
  void aHeadBeyondTheDecodersOwnLimits() throws IOException {
    String end = " HTTP/1.1\r\nHost: x\r\n";
    assertRefused(ask("GET /" + "x".repeat(17_000) + end + "\r\n"), 414, "uri_too_long");
    assertRefused(
        ask("GET /" + end + "X-Much: " + "x".repeat(50_000) + "\r\n\r\n"),
        431,
        "headers_too_large");
  }

  /** Requests in front of the refused one are answered, and in order. */
  @Test
  void whatIsGoodInFrontOfItIsAnswered() throws IOException {
    String good = "GET /q/health/live HTTP/1.1\r\nHost: x\r\n\r\n";
    String answer = ask(good + "GET /%zz HTTP/1.1\r\nHost: x\r\n\r\n");
    assertThat(answer).startsWith("HTTP/1.1 200 ");
    assertRefused(answer.substring(answer.indexOf("HTTP/1.1 400")), 400, "validation_failed");
  }
}
