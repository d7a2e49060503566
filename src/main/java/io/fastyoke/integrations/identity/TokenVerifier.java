package io.fastyoke.integrations.identity;

import io.smallrye.mutiny.Uni;
import java.util.Base64;
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
   * The claims of a token whose signature is valid; the claims themselves are not checked yet.
   *
   * @return fails with {@link RefusedTokenException} or {@link KeysUnavailableException}
   */
  Uni<JwtClaims> verify(String token) {
    return signedPayload(token).onItem().transform(TokenVerifier::claims);
  }

  /**
   * The signed payload as text; for {@link #verify}, and for tests whose payload is not a set of
   * claims.
   */
  Uni<String> signedPayload(String token) {
    return Uni.createFrom()
        .item(() -> parse(token))
        .flatMap(
            jws ->
                keys.find(jws.getKeyIdHeaderValue()).onItem().transform(key -> payload(jws, key)));
  }

  private static JsonWebSignature parse(String token) {
    if (token.length() > MAX_LENGTH || !COMPACT.matcher(token).matches() || !isCanonical(token)) {
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

  /** Whether each part is the only base64url text of its bytes, so that no token has two forms. */
  private static boolean isCanonical(String token) {
    for (String part : token.split("\\.", -1)) {
      try {
        byte[] bytes = Base64.getUrlDecoder().decode(part);
        if (!Base64.getUrlEncoder().withoutPadding().encodeToString(bytes).equals(part)) {
          return false;
        }
      } catch (IllegalArgumentException e) {
        return false;
      }
    }
    return true;
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

  private static String payload(JsonWebSignature jws, VerificationKey key) {
    try {
      jws.setAlgorithmConstraints(new AlgorithmConstraints(ConstraintType.PERMIT, key.algorithm()));
      jws.setDoKeyValidation(true);
      jws.setKey(key.key());
      if (jws.verifySignature()) {
        return jws.getPayload();
      }
    } catch (JoseException | RuntimeException e) {
      // The algorithm (which may be of any JSON type) or the form of the signature: refused like a
      // wrong one.
    }
    throw new RefusedTokenException("wrong signature");
  }

  private static JwtClaims claims(String payload) {
    try {
      return JwtClaims.parse(payload);
    } catch (InvalidJwtException e) {
      throw new RefusedTokenException("payload is not a set of claims");
    }
  }
}
