package io.fastyoke.integrations.identity;

import java.security.Key;

/**
 * A key together with the one algorithm it is used with, so that a token's header can only agree or
 * be refused.
 *
 * @param algorithm the JWA name: HS256, RS256 or ES256
 */
record VerificationKey(String algorithm, Key key) {
  @Override
  public String toString() {
    return "VerificationKey[" + algorithm + "]";
  }
}
