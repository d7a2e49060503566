package io.fastyoke.integrations.identity;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jose4j.jwt.JwtClaims;
import org.jspecify.annotations.Nullable;

/**
 * Checks the claims that are common to all tokens (RFC 7519, section 4.1): times, issuer and
 * audience.
 */
final class ClaimRules {
  /** Tolerated clock skew. */
  static final Duration SKEW = Duration.ofSeconds(30);

  /** 9999-12-31: later times are milliseconds by mistake, or an attack on the arithmetic. */
  private static final long MAX_TIME = 253_402_300_799L;

  private final InstantSource clock;
  private final Optional<String> issuer;
  private final Optional<String> audience;

  ClaimRules(InstantSource clock, Optional<String> issuer, Optional<String> audience) {
    this.clock = clock;
    this.issuer = issuer;
    this.audience = audience;
  }

  /**
   * Checks {@code exp} (required), {@code nbf}, {@code iat}, and {@code iss} and {@code aud} where
   * they are configured.
   *
   * @throws RefusedTokenException when one of them is wrong
   */
  void check(JwtClaims claims) {
    checkTimes(claims, clock.instant().getEpochSecond());
    issuer.ifPresent(wanted -> require(wanted.equals(claims.getClaimValue("iss")), "iss"));
    audience.ifPresent(wanted -> require(isFor(wanted, claims.getClaimValue("aud")), "aud"));
  }

  private static void checkTimes(JwtClaims claims, long now) {
    Long expires = time(claims, "exp");
    Long notBefore = time(claims, "nbf");
    Long issued = time(claims, "iat");
    require(expires != null && expires > now - SKEW.toSeconds(), "exp");
    require(notBefore == null || notBefore <= now + SKEW.toSeconds(), "nbf");
    require(issued == null || issued <= now + SKEW.toSeconds(), "iat");
  }

  /** A NumericDate may have a fraction (RFC 7519, section 2), which is dropped. */
  private static @Nullable Long time(JwtClaims claims, String name) {
    Object value = claims.getClaimValue(name);
    if (value == null) {
      return null;
    }
    double seconds = value instanceof Number number ? number.doubleValue() : -1;
    require(seconds >= 0 && seconds <= MAX_TIME, name);
    return (long) seconds;
  }

  private static boolean isFor(String wanted, @Nullable Object audience) {
    return wanted.equals(audience)
        || (audience instanceof List<?> list
            && list.stream().allMatch(String.class::isInstance)
            && list.contains(wanted));
  }

  private static void require(boolean holds, String claim) {
    if (!holds) {
      throw new RefusedTokenException(claim + " is missing or wrong");
    }
  }
}
