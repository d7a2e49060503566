package io.fastyoke.integrations.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.fastyoke.integrations.identity.TenantId;
import org.junit.jupiter.api.Test;

/** When the process may end. */
class DrainTest {
  private static final TenantId TENANT = new TenantId("t");

  private final ConcurrencyLimiter limiter = new ConcurrencyLimiter(4);

  @Test
  void onlyOnceNoMorePermitsAreGranted() {
    assertThat(limiter.isDrained()).isFalse();
    limiter.close();
    assertThat(limiter.isDrained()).isTrue();
  }

  @Test
  void afterTheLastAttempt() {
    limiter.acquire(TENANT);
    limiter.close();
    assertThat(limiter.isDrained()).isFalse();
    limiter.release(TENANT);
    assertThat(limiter.isDrained()).isTrue();
  }

  @Test
  void afterTheLastOutcomeIsOnDisk() {
    limiter.acquire(TENANT);
    limiter.attempted(TENANT);
    limiter.close();
    assertThat(limiter.isDrained()).isFalse();
    limiter.recorded();
    assertThat(limiter.isDrained()).isTrue();
  }

  /** The claim was asked for before the signal came, and is answered after it. */
  @Test
  void afterWhatAClaimUnderWayBrings() {
    limiter.claimBegun();
    limiter.close();
    assertThat(limiter.isDrained()).isFalse();
    limiter.acquire(TENANT);
    limiter.claimSettled();
    assertThat(limiter.isDrained()).isFalse();
    limiter.release(TENANT);
    assertThat(limiter.isDrained()).isTrue();
  }
}
