package io.fastyoke.integrations.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.mutiny.Uni;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class LostClaimsTest {
  private final UUID claim = UUID.randomUUID();
  private final ManualTimers timers = new ManualTimers();
  private final RecordedEvents listener = new RecordedEvents();
  private final ConcurrencyLimiter limiter = new ConcurrencyLimiter(4);
  private final List<Collection<UUID>> looks = new ArrayList<>();
  private Uni<Integer> found = Uni.createFrom().item(0);

  private final LostClaims lostClaims =
      new LostClaims(
          claims -> {
            looks.add(claims);
            return found;
          },
          limiter,
          listener,
          timers);

  @Test
  void aLostClaimIsLookedForUntilItsCommitCannotArriveAnyMore() {
    lostClaims.add(claim);
    lostClaims.add(claim);
    timers.advance(LostClaims.FIRST_DELAY_MS - 1);
    assertThat(looks).isEmpty();
    timers.advance(1);
    assertThat(looks).containsExactly(Set.of(claim));
    timers.advance(100 * LostClaims.RETRY_DELAY_MS);
    assertThat(looks).hasSize(LostClaims.MAX_LOOKS);
    assertThat(timers.waiting()).isZero();
    assertThat(listener.events).isEmpty();
  }

  @Test
  void whatWasReleasedMayBeClaimedAtOnce() {
    found = Uni.createFrom().item(2);
    lostClaims.add(claim);
    timers.advance(LostClaims.FIRST_DELAY_MS);
    assertThat(listener.events).containsExactly("work available");
  }

  @Test
  void noClaimOvertakesTheFirstLook() {
    lostClaims.releaseBeforeClaiming().await().indefinitely();
    assertThat(looks).as("nothing was lost").isEmpty();
    lostClaims.add(claim);
    lostClaims.releaseBeforeClaiming().await().indefinitely();
    assertThat(looks).hasSize(1);
    lostClaims.releaseBeforeClaiming().await().indefinitely();
    assertThat(looks).as("the database was asked already").hasSize(1);
  }

  @Test
  void theProcessDoesNotEndBeforeTheFirstAnswer() {
    found = Uni.createFrom().failure(new IllegalStateException("no database"));
    lostClaims.add(claim);
    limiter.close();
    timers.advance(10 * LostClaims.RETRY_DELAY_MS);
    assertThat(limiter.isDrained()).isFalse();
    found = Uni.createFrom().item(0);
    timers.advance(LostClaims.RETRY_DELAY_MS);
    assertThat(limiter.isDrained()).isTrue();
    timers.advance(LostClaims.RETRY_DELAY_MS);
    limiter.claimBegun();
    assertThat(limiter.isDrained()).as("it counts once").isFalse();
  }
}
