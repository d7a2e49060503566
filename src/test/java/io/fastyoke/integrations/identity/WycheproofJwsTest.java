package io.fastyoke.integrations.identity;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.smallrye.mutiny.Uni;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.lang.JoseException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The JSON Web Signature vectors of C2SP Wycheproof. They sign plain bytes and not claims, so a
 * vector counts as accepted when the signature is good, whatever becomes of its payload.
 */
class WycheproofJwsTest {
  private static final Path FILE =
      Path.of("src/test/resources/vectors/json_web_signature_test.json");

  private static JsonNode vectors;

  @BeforeAll
  static void read() throws IOException {
    vectors = new ObjectMapper().readTree(FILE.toFile());
  }

  /** 367 and 370 are letter for letter the valid vector 357. */
  private static final Set<Integer> MISLABELLED = Set.of(367, 370);

  @Test
  void everyInvalidSignatureIsRefused() {
    List<String> accepted = new ArrayList<>();
    int refused = 0;
    for (JsonNode group : vectors.get("testGroups")) {
      for (JsonNode test : group.get("tests")) {
        boolean invalid = test.get("result").asText().equals("invalid");
        if (invalid && !MISLABELLED.contains(test.get("tcId").asInt())) {
          refused++;
          if (accepts(group, test.get("jws"))) {
            accepted.add(test.get("tcId") + " " + test.get("comment"));
          }
        }
      }
    }
    assertThat(accepted).isEmpty();
    assertThat(refused).isEqualTo(353);
  }

  @Test
  void validSignaturesOfOurAlgorithmsAreAccepted() {
    List<String> refused = new ArrayList<>();
    int accepted = 0;
    for (JsonNode group : vectors.get("testGroups")) {
      for (JsonNode test : group.get("tests")) {
        if (test.get("result").asText().equals("valid") && isOurs(group, test.get("jws"))) {
          if (accepts(group, test.get("jws"))) {
            accepted++;
          } else {
            refused.add(test.get("tcId") + " " + test.get("comment"));
          }
        }
      }
    }
    assertThat(refused).isEmpty();
    assertThat(accepted).isGreaterThan(10);
  }

  /**
   * Two vectors with a question mark in the base64url text are called valid; RFC 7515 differs. One
   * has no payload, where claims have to be.
   */
  private static boolean isOurs(JsonNode group, JsonNode jws) {
    VerificationKey key = key(group);
    String header = jws.asText().split("\\.")[0];
    return key != null
        && !jws.asText().contains("?")
        && !jws.asText().contains("..")
        && text(header).contains(key.algorithm());
  }

  private static String text(String part) {
    return new String(Base64.getUrlDecoder().decode(part), StandardCharsets.UTF_8);
  }

  private static boolean accepts(JsonNode group, JsonNode jws) {
    VerificationKey key = key(group);
    if (key == null) {
      return false;
    }
    try {
      new TokenVerifier(kid -> Uni.createFrom().item(key))
          .signedPayload(jws.asText())
          .await()
          .indefinitely();
      return true;
    } catch (RefusedTokenException e) {
      return false;
    }
  }

  /** The key as our settings would take it, or null where they would refuse it. */
  private static VerificationKey key(JsonNode group) {
    try {
      JsonNode jwk = group.has("public") ? group.get("public") : group.get("private");
      JsonWebKey parsed = JsonWebKey.Factory.newJwk(jwk.toString());
      if (!parsed.getKeyType().equals("oct")) {
        return KeySet.parse("{\"keys\":[" + jwk + "]}").find(null).orElseThrow();
      }
      return new VerificationKey("HS256", parsed.getKey());
    } catch (JoseException | IllegalArgumentException e) {
      return null;
    }
  }
}
