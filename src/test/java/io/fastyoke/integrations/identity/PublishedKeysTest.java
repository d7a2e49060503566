package io.fastyoke.integrations.identity;

import static io.restassured.RestAssured.given;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.fastyoke.integrations.http.Plain;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.KeyPair;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The running application with a published key set in place of a secret. */
@QuarkusTest
@TestProfile(PublishedKeysTest.Profile.class)
class PublishedKeysTest {

  @Test
  void theSetsKeysVerifyAndNothingElseDoes() {
    String payload = Jwts.claims("\"tenant_id\":\"t1\",\"role\":\"admin\"");
    String header = "{\"alg\":\"RS256\",\"kid\":\"r1\"}";
    String good = Jwts.sign("SHA256withRSA", header, payload, Publisher.KEYS.getPrivate());
    given()
        .auth()
        .oauth2(good)
        .get("/api/v1/probe/caller")
        .then()
        .statusCode(200)
        .body("tenant", equalTo("t1"));

    KeyPair own = TokenVerifierTest.rsa(2048);
    for (String bad :
        List.of(
            Jwts.sign("SHA256withRSA", header, payload, own.getPrivate()),
            Jwts.sign(
                "SHA256withRSA", header.replace("r1", "r2"), payload, Publisher.KEYS.getPrivate()),
            Jwts.of(payload),
            Jwts.hs256(
                "{\"alg\":\"HS256\",\"kid\":\"r1\"}",
                payload,
                Publisher.KEYS.getPublic().getEncoded()))) {
      given().auth().oauth2(bad).get("/api/v1/probe/caller").then().statusCode(401);
    }
    assertThat(Publisher.reads).as("reads, however many unknown keys").isBetween(1, 2);
  }

  public static class Profile extends Plain {
    @Override
    public List<TestResourceEntry> testResources() {
      return List.of(new TestResourceEntry(Publisher.class));
    }
  }

  public static class Publisher implements QuarkusTestResourceLifecycleManager {
    static final KeyPair KEYS = TokenVerifierTest.rsa(2048);
    static volatile int reads;
    private HttpServer server;

    @Override
    public Map<String, String> start() {
      try {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      server.createContext("/jwks.json", Publisher::publish);
      server.start();
      int port = server.getAddress().getPort();
      return Map.of("jwt.jwks-url", "http://127.0.0.1:" + port + "/jwks.json");
    }

    private static void publish(HttpExchange exchange) throws IOException {
      reads++;
      byte[] set = JwksKeysTest.set(JwksKeysTest.rsa("r1", KEYS)).getBytes(UTF_8);
      exchange.sendResponseHeaders(200, set.length);
      exchange.getResponseBody().write(set);
      exchange.close();
    }

    @Override
    public void stop() {
      server.stop(0);
    }
  }
}
