package io.fastyoke.integrations.identity;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.Optional;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClaimRulesTest {
  private static final ClaimRules RULES =
      new ClaimRules(
          () -> Instant.ofEpochSecond(1000), Optional.of("https://host"), Optional.of("ours"));
  private static final String FOR_US = "\"iss\":\"https://host\",\"aud\":\"ours\"";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"exp\":1060",
        "\"exp\":971",
        "\"exp\":1060,\"nbf\":1030,\"iat\":1030",
        "\"exp\":1060,\"nbf\":0,\"iat\":0",
        "\"exp\":1060,\"nbf\":null,\"iat\":null",
        "\"exp\":1060.0,\"nbf\":1000.5,\"iat\":1.0e3",
        "\"exp\":971.25",
      })
  void acceptsTimesWithinTheSkew(String times) {
    assertThatCode(() -> check(times + "," + FOR_US)).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"exp\":970",
        "\"exp\":970.9",
        "\"exp\":1e12",
        "\"exp\":-0.5",
        "\"exp\":1060,\"nbf\":1031",
        "\"exp\":1060,\"iat\":1031",
        "\"iat\":1000"
      })
  void refusesTimesBeyondTheSkew(String times) {
    assertRefused(times + "," + FOR_US);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"iss\":\"https://host\",\"aud\":[\"other\",\"ours\"]",
        "\"iss\":\"https://host\",\"aud\":[\"ours\"]",
      })
  void acceptsItsAudienceAmongOthers(String claims) {
    assertThatCode(() -> check("\"exp\":1060," + claims)).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"aud\":\"ours\"",
        "\"iss\":null,\"aud\":\"ours\"",
        "\"iss\":\"https://host/\",\"aud\":\"ours\"",
        "\"iss\":\"https://hos\",\"aud\":\"ours\"",
        "\"iss\":\"HTTPS://HOST\",\"aud\":\"ours\"",
        "\"iss\":[\"https://host\"],\"aud\":\"ours\"",
        "\"iss\":\"https://host\"",
        "\"iss\":\"https://host\",\"aud\":null",
        "\"iss\":\"https://host\",\"aud\":[]",
        "\"iss\":\"https://host\",\"aud\":\"our\"",
        "\"iss\":\"https://host\",\"aud\":\"ours2\"",
        "\"iss\":\"https://host\",\"aud\":\"Ours\"",
        "\"iss\":\"https://host\",\"aud\":[\"other\"]",
        "\"iss\":\"https://host\",\"aud\":[\"ours\",7]",
        "\"iss\":\"https://host\",\"aud\":{\"ours\":true}",
        "\"iss\":\"https://host\",\"aud\":[[\"ours\"]]",
      })
  void refusesOtherIssuersAndAudiences(String claims) {
    assertRefused("\"exp\":1060," + claims);
  }

  private static void assertRefused(String claims) {
    assertThatThrownBy(() -> check(claims)).isInstanceOf(RefusedTokenException.class);
  }

  private static void check(String claims) throws InvalidJwtException {
    RULES.check(JwtClaims.parse("{" + claims + "}"));
  }
}
