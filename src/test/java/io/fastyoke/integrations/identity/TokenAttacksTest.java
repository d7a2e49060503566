package io.fastyoke.integrations.identity;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fastyoke.integrations.http.Plain;
import io.fastyoke.integrations.support.LoopbackServer;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every known way to be let in with a bad token, against the running application. */
@QuarkusTest
@TestProfile(Plain.class)
class TokenAttacksTest {
  private static final String PROBE = "/api/v1/probe/runs-read";
  private static final AtomicInteger FETCHES = new AtomicInteger();
  private static LoopbackServer lure;

  @TestHTTPResource("/")
  URI base;

  @BeforeAll
  static void listen() throws IOException {
    lure =
        LoopbackServer.start(
            exchange -> {
              FETCHES.incrementAndGet();
              exchange.sendResponseHeaders(200, -1);
              exchange.close();
            });
  }

  @AfterAll
  static void close() {
    lure.close();
    assertThat(FETCHES).as("requests that a token's header caused").hasValue(0);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("headers")
  void isRefused(String name, String authorization) {
    Response response = RestAssured.given().header("Authorization", authorization).get(PROBE);
    assertThat(response.statusCode()).as(name).isEqualTo(401);
    assertRefused(response);
  }

  static Stream<Arguments> headers() {
    Map<String, String> table = new TreeMap<>();
    table.putAll(TokenAttacks.algorithms());
    table.putAll(TokenAttacks.shapes());
    table.putAll(TokenAttacks.headerFields("http://127.0.0.1:" + port()));
    table.putAll(TokenAttacks.times());
    table.putAll(TokenAttacks.claims());
    Stream<Arguments> tokens =
        table.entrySet().stream()
            .map(attack -> Arguments.of(attack.getKey(), "Bearer " + attack.getValue()));
    Stream<Arguments> others =
        Stream.of(
            Arguments.of("no scheme", Jwts.admin("t1")),
            Arguments.of("basic scheme", "Basic " + Jwts.admin("t1")),
            Arguments.of("empty bearer", "Bearer"),
            Arguments.of("two tokens in one header", twice()));
    return Stream.concat(tokens, others);
  }

  private static String twice() {
    return "Bearer " + Jwts.admin("t1") + ", Bearer " + Jwts.admin("t1");
  }

  private static int port() {
    return lure == null ? 9 : lure.port();
  }

  @Test
  void theSchemeIgnoresCase() {
    RestAssured.given()
        .header("Authorization", "bearer " + Jwts.admin("t1"))
        .get(PROBE)
        .then()
        .statusCode(200);
  }

  @Test
  void noTokenIsRefused() {
    assertRefused(RestAssured.given().get(PROBE));
  }

  @Test
  void twoAuthorizationHeadersAreRefused() {
    String good = "Bearer " + Jwts.admin("t1");
    assertRefused(RestAssured.given().header("Authorization", good, "Bearer x").get(PROBE));
    assertRefused(RestAssured.given().header("Authorization", good, good).get(PROBE));
  }

  @Test
  void aTokenInTheQueryOrInACookieIsNotLookedAt() {
    String token = Jwts.admin("t1");
    assertRefused(RestAssured.given().get(PROBE + "?access_token=" + token + "&token=" + token));
    assertRefused(RestAssured.given().cookie("Bearer", token).cookie("jwt", token).get(PROBE));
  }

  @Test
  void aTokenOfOneMegabyteEndsTheRequestInTheHttpDecoder() throws IOException {
    try (Socket socket = new Socket(base.getHost(), base.getPort())) {
      socket.setSoTimeout(10_000);
      String head = "GET " + PROBE + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ";
      write(socket, head + "a".repeat(1024 * 1024) + "\r\n\r\n");
      assertThat(statusLine(socket)).isIn("HTTP/1.1 431", "");
    }
  }

  /** What does not fit into the head of a request is not looked at; what does is not decoded. */
  @ParameterizedTest
  @ValueSource(strings = {"groups", "scopes"})
  void aTokenOfTenThousandEntriesIsRefused(String claim) throws IOException {
    String entries = "\"workflow:read\",".repeat(9_999) + "\"admin:*\"";
    String token =
        Jwts.of(
            Jwts.claims(
                "\"tenant_id\":\"t1\",\"role\":\"admin\",\"" + claim + "\":[" + entries + "]"));
    assertThat(token.length()).isGreaterThan(64 * 1024);
    try (Socket socket = new Socket(base.getHost(), base.getPort())) {
      socket.setSoTimeout(10_000);
      String head = "GET " + PROBE + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ";
      write(socket, head + token + "\r\n\r\n");
      assertThat(statusLine(socket)).isIn("HTTP/1.1 431", "");
    }
    TokenVerifier verifier =
        new TokenVerifier(
            kid -> {
              throw new AssertionError("no key is looked for");
            });
    assertThatThrownBy(() -> verifier.verify(token).await().indefinitely())
        .isInstanceOf(RefusedTokenException.class);
  }

  private static void write(Socket socket, String request) throws IOException {
    try {
      socket.getOutputStream().write(request.getBytes(UTF_8));
      socket.getOutputStream().flush();
    } catch (SocketException e) {
      // The server may hang up before it has read all of it, which is the point.
      assertThat(e).hasMessageMatching("(?i).*(reset|broken pipe|abort).*");
    }
  }

  private static String statusLine(Socket socket) throws IOException {
    try {
      return new String(socket.getInputStream().readNBytes(12), US_ASCII);
    } catch (SocketException e) {
      return "";
    }
  }

  private static void assertRefused(Response response) {
    response
        .then()
        .statusCode(401)
        .contentType("application/json")
        .header("WWW-Authenticate", "Bearer");
    assertThat(response.jsonPath().getString("error")).isEqualTo("unauthorized");
    assertThat(response.asString())
        .isEqualTo(
            "{\"error\":\"unauthorized\",\"message\":\"A valid bearer token is required.\","
                + "\"details\":{}}");
  }
}
