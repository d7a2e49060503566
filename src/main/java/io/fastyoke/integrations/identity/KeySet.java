package io.fastyoke.integrations.identity;

import java.security.Key;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.keys.EllipticCurves;
import org.jose4j.lang.JoseException;
import org.jspecify.annotations.Nullable;

/**
 * The usable signature keys of a JWK set (RFC 7517): RSA of at least 2048 bits for RS256 and P-256
 * for ES256. Anything else in the set, symmetric keys above all, is left out.
 */
final class KeySet {
  private static final int MIN_RSA_BITS = 2048;

  private final Map<String, VerificationKey> byId = new HashMap<>();
  private final List<VerificationKey> all = new ArrayList<>();

  private KeySet() {}

  /**
   * Reads a set.
   *
   * @throws IllegalArgumentException when it is not a JWK set or has no usable key
   */
  static KeySet parse(String json) {
    KeySet keys = new KeySet();
    try {
      new JsonWebKeySet(json).getJsonWebKeys().forEach(keys::addIfUsable);
    } catch (JoseException e) {
      throw new IllegalArgumentException("not a JWK set", e);
    }
    if (keys.all.isEmpty()) {
      throw new IllegalArgumentException("no usable RS256 or ES256 key in the set");
    }
    return keys;
  }

  /** The key with this id; for a token without an id, the only key if there is exactly one. */
  Optional<VerificationKey> find(@Nullable String kid) {
    if (kid != null) {
      return Optional.ofNullable(byId.get(kid));
    }
    return all.size() == 1 ? Optional.of(all.get(0)) : Optional.empty();
  }

  private void addIfUsable(JsonWebKey jwk) {
    String algorithm = algorithmOf(jwk.getKey());
    if (algorithm == null || !forVerifying(jwk, algorithm)) {
      return;
    }
    VerificationKey key = new VerificationKey(algorithm, jwk.getKey());
    all.add(key);
    if (jwk.getKeyId() != null) {
      byId.put(jwk.getKeyId(), key);
    }
  }

  private static boolean forVerifying(JsonWebKey jwk, String algorithm) {
    List<String> operations = jwk.getKeyOps();
    return (jwk.getUse() == null || jwk.getUse().equals("sig"))
        && (operations == null || operations.contains("verify"))
        && (jwk.getAlgorithm() == null || jwk.getAlgorithm().equals(algorithm));
  }

  /** The one algorithm that is used with a key of this kind, or null when it is not acceptable. */
  static @Nullable String algorithmOf(@Nullable Key key) {
    if (key instanceof RSAPublicKey rsa && rsa.getModulus().bitLength() >= MIN_RSA_BITS) {
      return "RS256";
    }
    return key instanceof PublicKey && key instanceof ECPublicKey ec && isP256(ec) ? "ES256" : null;
  }

  private static boolean isP256(ECPublicKey key) {
    return key.getParams().getCurve().equals(EllipticCurves.P256.getCurve());
  }
}
