package io.fastyoke.integrations.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.fastyoke.integrations.identity.TenantId;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** When the process may end. */
class DrainTest {
  private static final TenantId TENANT = new TenantId("t");

  private final ConcurrencyLimiter limiter = new ConcurrencyLimiter(4);

  @Test
  void atOnceWhenNothingIsUnderWay() {
    assertThat(limiter.closeAndDrain().getCount()).isZero();
  }

  @Test
  void afterTheLastAttempt() {
    limiter.acquire(TENANT);
    CountDownLatch empty = limiter.closeAndDrain();
    assertThat(empty.getCount()).isEqualTo(1);
    limiter.release(TENANT);
    assertThat(empty.getCount()).isZero();
  }

  /** The claim was asked for before the signal came, and is answered after it. */
  @Test
  void afterWhatAClaimUnderWayBrings() {
    limiter.expect();
    CountDownLatch empty = limiter.closeAndDrain();
    assertThat(empty.getCount()).isEqualTo(1);
    limiter.acquire(TENANT);
    limiter.settled();
    assertThat(empty.getCount()).isEqualTo(1);
    limiter.release(TENANT);
    assertThat(empty.getCount()).isZero();
  }
}
