package io.fastyoke.integrations.identity;

import io.smallrye.mutiny.Uni;
import java.util.regex.Pattern;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jwa.AlgorithmConstraints.ConstraintType;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.jose4j.jwx.HeaderParameterNames;
import org.jose4j.lang.JoseException;

/**
 * Checks the signature of a compact JWS (RFC 7515). The key decides the algorithm; the token's
 * header can only agree with it. Nothing in the header is ever fetched or used as a key.
 */
final class TokenVerifier {
  /** Longer tokens are refused before anything is decoded. */
  static final int MAX_LENGTH = 8 * 1024;

  private static final Pattern COMPACT =
      Pattern.compile("[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+");

  private final KeySource keys;

  TokenVerifier(KeySource keys) {
    this.keys = keys;
  }

  /**
   * The claims of a token whose signature is good; nothing about them is checked yet.
   *
   * @return fails with {@link RefusedTokenException} or {@link KeysUnavailableException}
   */
  Uni<JwtClaims> verify(String token) {
    return Uni.createFrom().item(() -> parse(token)).flatMap(this::verify);
  }

  private Uni<JwtClaims> verify(JsonWebSignature jws) {
    return keys.find(jws.getKeyIdHeaderValue()).onItem().transform(key -> claims(jws, key));
  }

  private static JsonWebSignature parse(String token) {
    if (token.length() > MAX_LENGTH || !COMPACT.matcher(token).matches()) {
      throw new RefusedTokenException("not a compact JWS");
    }
    JsonWebSignature jws = new JsonWebSignature();
    try {
      jws.setCompactSerialization(token);
      requirePlain(jws);
      return jws;
    } catch (JoseException | RuntimeException e) {
      throw new RefusedTokenException("malformed header");
    }
  }

  /** No critical extensions, no unencoded payload (RFC 7797), and ids are strings. */
  private static void requirePlain(JsonWebSignature jws) {
    Object kid = jws.getObjectHeader(HeaderParameterNames.KEY_ID);
    boolean extended =
        jws.getObjectHeader(HeaderParameterNames.CRITICAL) != null
            || jws.getObjectHeader(HeaderParameterNames.BASE64URL_ENCODE_PAYLOAD) != null
            || jws.getObjectHeader(HeaderParameterNames.ZIP) != null;
    if (extended || !(kid == null || kid instanceof String)) {
      throw new RefusedTokenException("unsupported header");
    }
  }

  private static JwtClaims claims(JsonWebSignature jws, VerificationKey key) {
    try {
      jws.setAlgorithmConstraints(new AlgorithmConstraints(ConstraintType.PERMIT, key.algorithm()));
      jws.setDoKeyValidation(true);
      jws.setKey(key.key());
      if (!jws.verifySignature()) {
        throw new RefusedTokenException("wrong signature");
      }
      return JwtClaims.parse(jws.getPayload());
    } catch (JoseException | InvalidJwtException e) {
      throw new RefusedTokenException("not verifiable");
    }
  }
}
