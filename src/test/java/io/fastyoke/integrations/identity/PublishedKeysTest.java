package io.fastyoke.integrations.identity;

import static io.restassured.RestAssured.given;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import com.sun.net.httpserver.HttpExchange;
import io.fastyoke.integrations.http.Plain;
import io.fastyoke.integrations.support.LoopbackServer;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.interfaces.ECPublicKey;
import java.util.List;
import java.util.Map;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.lang.JoseException;
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
    assertThat(Publisher.reads).as("reads, however many unknown keys").isBetween(1, 4);
  }

  /** The key is the right one, the algorithm is not. */
  @Test
  void otherAlgorithmsOfTheSameKeysAreRefused() throws JoseException {
    for (String algorithm : List.of("PS256", "PS384", "RS384", "RS512")) {
      assertStatus(401, signed(algorithm, "r1", Publisher.KEYS.getPrivate(), Map.of()));
    }
    assertStatus(200, signed("RS256", "r1", Publisher.KEYS.getPrivate(), Map.of()));
    assertStatus(401, signed("ES384", "p384", Publisher.P384.getPrivate(), Map.of()));
  }

  /**
   * The header names addresses with keys; nobody asks there, whether or not the signature is good.
   */
  @Test
  void noAddressInAHeaderIsAsked() throws JoseException {
    int before = Publisher.lured;
    for (String field : List.of("jku", "x5u")) {
      Map<String, String> lure = Map.of(field, Publisher.url + "/lure/jwks.json");
      assertStatus(200, signed("RS256", "r1", Publisher.KEYS.getPrivate(), lure));
      assertStatus(401, signed("RS256", "r1", Publisher.OTHER.getPrivate(), lure));
      assertStatus(401, signed("RS256", "unknown", Publisher.OTHER.getPrivate(), lure));
    }
    assertThat(Publisher.lured).isEqualTo(before);
    assertThat(Publisher.reads).as("the publisher itself was asked").isPositive();
  }

  private static String signed(
      String algorithm, String kid, PrivateKey key, Map<String, String> header)
      throws JoseException {
    JsonWebSignature jws = new JsonWebSignature();
    jws.setAlgorithmHeaderValue(algorithm);
    jws.setKeyIdHeaderValue(kid);
    header.forEach(jws::setHeader);
    jws.setPayload(Jwts.claims("\"tenant_id\":\"t1\",\"role\":\"admin\""));
    jws.setKey(key);
    return jws.getCompactSerialization();
  }

  private static void assertStatus(int status, String token) {
    given().auth().oauth2(token).get("/api/v1/probe/caller").then().statusCode(status);
  }

  public static class Profile extends Plain {
    @Override
    public List<TestResourceEntry> testResources() {
      return List.of(new TestResourceEntry(Publisher.class));
    }
  }

  public static class Publisher implements QuarkusTestResourceLifecycleManager {
    static final KeyPair KEYS = TokenVerifierTest.rsa(2048);
    static final KeyPair OTHER = TokenVerifierTest.rsa(2048);
    static final KeyPair P384 = TokenVerifierTest.ec("secp384r1");
    static volatile int reads;
    static volatile int lured;
    static volatile String url;
    private LoopbackServer server;

    @Override
    public Map<String, String> start() {
      server = LoopbackServer.start();
      server.on("/jwks.json", Publisher::publish);
      server.on(
          "/lure",
          exchange -> {
            lured++;
            publish(exchange);
          });
      int port = server.port();
      url = "http://127.0.0.1:" + port;
      return Map.of("jwt.jwks-url", url + "/jwks.json");
    }

    private static void publish(HttpExchange exchange) throws IOException {
      reads++;
      ECPublicKey p384 = (ECPublicKey) P384.getPublic();
      String second =
          "{\"kty\":\"EC\",\"crv\":\"P-384\",\"kid\":\"p384\",\"x\":\"%s\",\"y\":\"%s\"}"
              .formatted(
                  TokenVerifierTest.number(p384.getW().getAffineX(), 48),
                  TokenVerifierTest.number(p384.getW().getAffineY(), 48));
      byte[] set = JwksKeysTest.set(JwksKeysTest.rsa("r1", KEYS), second).getBytes(UTF_8);
      exchange.sendResponseHeaders(200, set.length);
      exchange.getResponseBody().write(set);
      exchange.close();
    }

    @Override
    public void stop() {
      server.close();
    }
  }
}
