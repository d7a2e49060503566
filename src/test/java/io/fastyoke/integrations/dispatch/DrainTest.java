package io.fastyoke.integrations.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.fastyoke.integrations.identity.TenantId;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** When the process may end. */
class DrainTest {
  private static final TenantId TENANT = new TenantId("t");

  private final Slots slots = new Slots(4);

  @Test
  void atOnceWhenNothingIsUnderWay() {
    assertThat(slots.closeAndDrain().getCount()).isZero();
  }

  @Test
  void afterTheLastAttempt() {
    slots.take(TENANT);
    CountDownLatch empty = slots.closeAndDrain();
    assertThat(empty.getCount()).isEqualTo(1);
    slots.release(TENANT);
    assertThat(empty.getCount()).isZero();
  }

  /** The claim was asked for before the signal came, and is answered after it. */
  @Test
  void afterWhatAClaimUnderWayBrings() {
    slots.expect();
    CountDownLatch empty = slots.closeAndDrain();
    assertThat(empty.getCount()).isEqualTo(1);
    slots.take(TENANT);
    slots.settled();
    assertThat(empty.getCount()).isEqualTo(1);
    slots.release(TENANT);
    assertThat(empty.getCount()).isZero();
  }
}
