package io.fastyoke.integrations.queue.batching;

import static java.util.concurrent.TimeUnit.MICROSECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LingerTest {
  private static final long BEGUN = MICROSECONDS.toNanos(1_000);

  private final Linger spacing = new Linger();

  @Test
  void nobodyIsHeldBackAtFirst() {
    assertThat(spacing.hold(BEGUN)).isZero();
  }

  @Test
  void nobodyIsHeldBackBehindALoneItem() {
    spacing.begin(1, BEGUN);
    assertThat(spacing.hold(BEGUN + MICROSECONDS.toNanos(500))).isZero();
  }

  @Test
  void theNextGroupIsHeldBackUntilTheyAreApart() {
    spacing.begin(2, BEGUN);
    assertThat(spacing.hold(BEGUN + MICROSECONDS.toNanos(3_000)))
        .isEqualTo(MICROSECONDS.toNanos(500));
    assertThat(spacing.hold(BEGUN + MICROSECONDS.toNanos(3_500))).isZero();
    assertThat(spacing.hold(BEGUN + MICROSECONDS.toNanos(60_000))).isZero();
  }

  @Test
  void nobodyIsHeldBackForMoreThanTwoMilliseconds() {
    spacing.begin(64, BEGUN);
    assertThat(spacing.hold(BEGUN + MICROSECONDS.toNanos(100)))
        .isEqualTo(MICROSECONDS.toNanos(2_000));
    spacing.held();
    assertThat(spacing.hold(BEGUN + MICROSECONDS.toNanos(2_100))).isZero();
  }
}
