package io.fastyoke.integrations.identity;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jose4j.jwt.JwtClaims;
import org.jspecify.annotations.Nullable;

/**
 * Cache of verified tokens. Callers send the same token with every request, and verifying it is the
 * largest single cost of accepting a run (docs/performance.md). Bounded in number and age; holds
 * hashes, never a token. The claims are checked again at every use, so that an expired token is
 * refused to the second.
 */
final class RecentTokens {
  /**
   * Bounds how long a token of a withdrawn key is accepted; a changed key set clears the cache at
   * once.
   */
  static final Duration LIFE = Duration.ofSeconds(60);

  static final int MAX_TOKENS = 1_024;

  /** A token's claims and identity. */
  record Known(JwtClaims claims, Identity identity, Instant since) {}

  private final InstantSource clock;
  private final Map<ByteBuffer, Known> known =
      new LinkedHashMap<>(MAX_TOKENS * 2, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<ByteBuffer, Known> eldest) {
          return size() > MAX_TOKENS;
        }
      };

  RecentTokens(InstantSource clock) {
    this.clock = clock;
  }

  synchronized @Nullable Known find(String token) {
    Known found = known.get(hash(token));
    return found == null || found.since().plus(LIFE).isBefore(clock.instant()) ? null : found;
  }

  /** Clears the cache. Called when the keys have changed, so that all tokens are verified again. */
  synchronized void forget() {
    known.clear();
  }

  synchronized void remember(String token, JwtClaims claims, Identity identity) {
    known.put(hash(token), new Known(claims, identity, clock.instant()));
  }

  private static ByteBuffer hash(String token) {
    try {
      return ByteBuffer.wrap(
          MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
