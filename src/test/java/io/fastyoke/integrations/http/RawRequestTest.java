package io.fastyoke.integrations.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.fastyoke.integrations.identity.Jwts;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.path.json.JsonPath;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What no client library would send: refused in the envelope all the same. */
@QuarkusTest
@TestProfile(Plain.class)
class RawRequestTest {
  private static final int TIMEOUT_MS = 20_000;
  private static final String LIST = "/api/v1/probe/caller";

  @TestHTTPResource("/")
  URI base;

  private String ask(String request) throws IOException {
    try (Socket socket = new Socket(base.getHost(), base.getPort())) {
      socket.setSoTimeout(TIMEOUT_MS);
      socket.getOutputStream().write(request.getBytes(ISO_8859_1));
      return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
    }
  }

  private static String get(String target, String headers) {
    return "GET %s HTTP/1.1\r\n%sAuthorization: Bearer %s\r\nConnection: close\r\n\r\n"
        .formatted(target, headers, Jwts.admin("t1"));
  }

  private static void assertEnvelope(String answer, int status, String code) {
    assertThat(answer).startsWith("HTTP/1.1 " + status + " ");
    String[] parts = answer.split("\r\n\r\n", 2);
    assertThat(parts[0]).containsIgnoringCase("\r\ncontent-type: application/json\r\n");
    assertThat(JsonPath.from(parts[1]).getString("error")).isEqualTo(code);
    assertThat(JsonPath.from(parts[1]).getString("message")).isNotBlank();
  }

  @Test
  void anAddressWithAFragment() throws IOException {
    assertEnvelope(ask(get(LIST + "#x", "Host: x\r\n")), 400, "validation_failed");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {LIST + "?q=a[0]", LIST + "?q=%5e", LIST + "?q=a'b(c)*;d", LIST + "?q=a?b"})
  void anAddressThatIsOnlyUnusual(String target) throws IOException {
    assertThat(ask(get(target, "Host: x\r\n"))).startsWith("HTTP/1.1 200");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "Host: \r\n", "Host: a b\r\n", "Host: x\r\nHost: y\r\n", "Host: x:y\r\n"})
  void aHostThatIsNone(String host) throws IOException {
    assertEnvelope(ask(get(LIST, host)), 400, "validation_failed");
  }

  @Test
  void oldProbesHaveNoHost() throws IOException {
    assertThat(ask("GET /q/health/live HTTP/1.0\r\n\r\n")).contains(" 200 ");
  }

  @Test
  void anAddressThatIsTooLong() throws IOException {
    for (int length : new int[] {8_193, 16_000}) {
      assertEnvelope(ask(get("/" + "x".repeat(length), "Host: x\r\n")), 414, "uri_too_long");
    }
  }

  @Test
  void headersThatAreTooLarge() throws IOException {
    String many = "X-Much: " + "x".repeat(8_000) + "\r\n";
    assertEnvelope(ask(get(LIST, "Host: x\r\n" + many.repeat(5))), 431, "headers_too_large");
  }

  @ParameterizedTest
  @CsvSource({
    "POST,   /admin/integrations, 'GET, HEAD, OPTIONS'",
    "PUT,    /admin/integrations, 'GET, HEAD, OPTIONS'",
    "PUT,    /q/health/ready, 'GET, HEAD, OPTIONS'",
    "DELETE, /q/health, 'GET, HEAD, OPTIONS'",
    "POST,   /q/metrics, 'GET, HEAD, OPTIONS'",
    "PUT,    /api/v1/tenant/connections, 'GET, HEAD, POST, OPTIONS'",
    "POST,   /api/v1/tenant/connections/018f0000-0000-7000-8000-000000000000, 'GET, HEAD, PATCH,"
        + " DELETE, OPTIONS'",
    "GET,    /api/v1/tenant/action-runs/preview, 'POST, OPTIONS'",
    "TRACE,  /api/v1/tenant/event-log, 'GET, HEAD, OPTIONS'",
  })
  void aMethodThatTheAddressDoesNotHave(String method, String path, String allow)
      throws IOException {
    String answer =
        ask(
            method
                + " "
                + path
                + " HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    assertEnvelope(answer, 405, "method_not_allowed");
    assertThat(answer).containsIgnoringCase("\r\nallow: " + allow + "\r\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/admin/integrations",
        "/q/health",
        "/q/health/live",
        "/q/metrics",
        "/q/openapi",
        LIST,
      })
  void headIsGetWithoutABody(String path) throws IOException {
    String answer = ask(get(path, "Host: x\r\n").replaceFirst("GET", "HEAD"));
    assertThat(answer).startsWith("HTTP/1.1 200").endsWith("\r\n\r\n");
  }

  @Test
  void optionsNamesTheMethodsOfThisAddress() throws IOException {
    String answer =
        ask("OPTIONS /api/v1/tenant/usage HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    assertThat(answer).startsWith("HTTP/1.1 204");
    assertThat(answer).containsIgnoringCase("\r\nallow: GET, HEAD, OPTIONS\r\n");
  }
}
