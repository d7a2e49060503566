package io.fastyoke.integrations.identity;

import io.quarkus.runtime.configuration.ConfigurationException;
import java.util.Optional;
import java.util.function.Function;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.lang.JoseException;

/** Signs admin tokens of the tenant {@code dev}, valid for a year. */
public final class DevTokens {
  private static final float A_YEAR_IN_MINUTES = 365 * 24 * 60f;

  private DevTokens() {}

  /**
   * The token that the command {@code token} prints: signed with {@code JWT_SECRET}, in {@code
   * quarkus:dev} also with the public development secret.
   *
   * @param given a setting's value by its name
   * @throws ConfigurationException outside of the dev profile, or when there is no secret to sign
   *     with; the message is one line
   */
  public static String ofCommand(Function<String, Optional<String>> given) {
    if (!DevMode.ofCommand()) {
      throw new ConfigurationException(
          "The command token works in the dev profile only (./mvnw quarkus:dev -Dquarkus.args=token, or QUARKUS_PROFILE=dev): elsewhere the host signs tokens.");
    }
    return sign(new GivenTokenSettings(given), DevMode.startedByFramework());
  }

  /**
   * @param development whether the public development secret will do
   */
  static String sign(TokenSettings settings, boolean development) {
    JwtClaims claims = new JwtClaims();
    claims.setSubject("dev");
    claims.setStringClaim("email", "dev@localhost");
    claims.setStringClaim("tenant_id", "dev");
    claims.setStringClaim("role", "admin");
    claims.setIssuedAtToNow();
    claims.setExpirationTimeMinutesInTheFuture(A_YEAR_IN_MINUTES);
    settings.issuer().ifPresent(claims::setIssuer);
    settings.audience().ifPresent(claims::setAudience);
    JsonWebSignature signature = new JsonWebSignature();
    signature.setPayload(claims.toJson());
    signature.setAlgorithmHeaderValue(AlgorithmIdentifiers.HMAC_SHA256);
    signature.setKey(TokenKeys.signing(settings, development));
    try {
      return signature.getCompactSerialization();
    } catch (JoseException e) {
      throw new IllegalStateException("the secret cannot sign", e);
    }
  }
}
