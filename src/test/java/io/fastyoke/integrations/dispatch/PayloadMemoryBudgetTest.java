package io.fastyoke.integrations.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.fastyoke.integrations.identity.TenantId;
import io.fastyoke.integrations.queue.RequestSize;
import org.junit.jupiter.api.Test;

class PayloadMemoryBudgetTest {
  private static final TenantId HOG = new TenantId("hog");
  private static final TenantId OTHER = new TenantId("other");
  private static final int SIZE = 100_000;

  private final PayloadMemoryBudget budget = new PayloadMemoryBudget(10L * SIZE);

  private int fill(TenantId tenant, int size) {
    int held = 0;
    while (held < 1_000 && budget.tryReserve(tenant, size)) {
      held++;
    }
    return held;
  }

  @Test
  void aTenantHasHalfOfTheRoomAndAllTogetherNoMoreThanThereIs() {
    assertThat(fill(HOG, SIZE)).isEqualTo(5);
    assertThat(budget.budget().fullTenants()).containsExactly("hog");
    assertThat(fill(OTHER, SIZE)).isEqualTo(5);
    assertThat(budget.budget().characters()).isZero();
    assertThat(budget.tryReserve(new TenantId("third"), SIZE)).isFalse();
  }

  @Test
  void smallOnesTakeNoRoom() {
    fill(HOG, SIZE);
    assertThat(fill(HOG, RequestSize.LARGE)).isEqualTo(1_000);
  }

  @Test
  void oneIsTakenHoweverLargeItIs() {
    assertThat(fill(HOG, 100 * SIZE)).isEqualTo(1);
  }

  @Test
  void whatIsReleasedMakesRoom() {
    budget.reserve(HOG, 20 * SIZE);
    assertThat(budget.budget().characters()).isZero();
    assertThat(budget.pollReleased()).isFalse();
    budget.release(HOG, 20 * SIZE);
    assertThat(budget.pollReleased()).isTrue();
    assertThat(budget.pollReleased()).isFalse();
    assertThat(budget.budget().characters()).isEqualTo(5L * SIZE);
    assertThat(budget.budget().fullTenants()).isEmpty();
  }

  @Test
  void whatATenantStillHoldsCounts() {
    fill(HOG, SIZE);
    budget.release(HOG, SIZE);
    assertThat(fill(HOG, SIZE)).isEqualTo(1);
  }
}
