package io.fastyoke.integrations.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Set;
import org.jose4j.jwt.JwtClaims;
import org.junit.jupiter.api.Test;

class RecentTokensTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private final Identity identity = new Identity("someone", null, Set.of());
  private Instant now = START;
  private final RecentTokens recent = new RecentTokens(() -> now);

  @Test
  void knowsATokenForAWhile() {
    recent.remember("a.b.c", new JwtClaims(), identity);
    now = START.plus(RecentTokens.LIFE);
    assertThat(recent.find("a.b.c")).extracting(RecentTokens.Known::identity).isSameAs(identity);
    assertThat(recent.find("a.b.d")).isNull();
    now = now.plusMillis(1);
    assertThat(recent.find("a.b.c")).isNull();
  }

  @Test
  void forgetsAllWhenTheKeysHaveChanged() {
    recent.remember("a.b.c", new JwtClaims(), identity);
    recent.forget();
    assertThat(recent.find("a.b.c")).isNull();
  }

  @Test
  void forgetsWhatWasUsedLongestAgo() {
    recent.remember("kept", new JwtClaims(), identity);
    for (int i = 0; i < RecentTokens.MAX_TOKENS; i++) {
      recent.remember("token " + i, new JwtClaims(), identity);
      assertThat(recent.find("kept")).isNotNull();
    }
    assertThat(recent.find("token 0")).isNull();
  }
}
