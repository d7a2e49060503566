package io.fastyoke.integrations.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.fastyoke.integrations.identity.TenantId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConcurrencyLimiterTest {
  private static final TenantId HOG = new TenantId("hog");
  private static final TenantId OTHER = new TenantId("other");

  /** How many a tenant gets at most. */
  private static int fill(ConcurrencyLimiter limiter, TenantId tenant) {
    int taken = 0;
    while (limiter.tryAcquire(tenant)) {
      taken++;
    }
    return taken;
  }

  @Test
  void oneTenantMayHaveAllButTheReserve() {
    ConcurrencyLimiter limiter = new ConcurrencyLimiter(256);
    assertThat(fill(limiter, HOG)).isEqualTo(256);
    assertThat(limiter.free()).isEqualTo(64);
    assertThat(limiter.busyTenants()).containsExactly("hog");
  }

  @ParameterizedTest
  @ValueSource(ints = {256, 1_024})
  void theReserveLastsForManyTenantsWhoseReceiversHang(int limit) {
    ConcurrencyLimiter limiter = new ConcurrencyLimiter(limit);
    fill(limiter, HOG);
    for (int i = 0; i < 24; i++) {
      assertThat(fill(limiter, new TenantId("hanging-" + i))).isPositive();
    }
    assertThat(fill(limiter, OTHER)).isPositive();
  }

  @Test
  void aSmallLimitHasASmallReserveForSeveralTenants() {
    ConcurrencyLimiter limiter = new ConcurrencyLimiter(16);
    assertThat(fill(limiter, HOG)).isEqualTo(16);
    for (int i = 0; i < 4; i++) {
      assertThat(fill(limiter, new TenantId("hanging-" + i))).isEqualTo(1);
    }
  }

  @Test
  void aTenantWithItsShareGetsNoMoreWhileAnotherWaits() {
    ConcurrencyLimiter limiter = new ConcurrencyLimiter(16);
    for (int i = 0; i < 15; i++) {
      limiter.acquire(HOG);
    }
    limiter.claimedSome(List.of(HOG, OTHER));
    assertThat(limiter.busyTenants()).containsExactly("hog");
    assertThat(limiter.mayAcquireAny(List.of("hog"))).isFalse();
    for (int i = 0; i < 8; i++) {
      limiter.release(HOG);
    }
    assertThat(limiter.busyTenants()).isEmpty();
    limiter.acquire(HOG);
    limiter.claimedAll(List.of("hog"));
    assertThat(limiter.mayAcquireAny(List.of("hog"))).isTrue();
  }

  @Test
  void aNewRunDoesNotOvertakeThoseThatWait() {
    ConcurrencyLimiter limiter = new ConcurrencyLimiter(16);
    fill(limiter, HOG);
    limiter.queued(HOG);
    limiter.queued(OTHER);
    for (int i = 0; i < 4; i++) {
      limiter.release(HOG);
    }
    assertThat(limiter.tryAcquire(HOG)).isFalse();
    assertThat(limiter.tryAcquire(OTHER)).isTrue();
    limiter.claimedSome(List.of(OTHER));
    assertThat(limiter.tryAcquire(OTHER)).isFalse();
    limiter.claimedAll(List.of());
    assertThat(limiter.tryAcquire(HOG)).isTrue();
    assertThat(limiter.tryAcquire(OTHER)).isTrue();
  }

  @Test
  void noPermitIsGrantedOnceClosed() {
    ConcurrencyLimiter limiter = new ConcurrencyLimiter(16);
    limiter.acquire(HOG);
    limiter.close();
    assertThat(limiter.tryAcquire(OTHER)).isFalse();
    assertThat(limiter.free()).isZero();
  }

  /** A waiter, and what it was told. */
  private static final class TestWaiter implements ConcurrencyLimiter.Waiter {
    private final TenantId tenant;
    private final List<Boolean> told = new ArrayList<>();

    TestWaiter(TenantId tenant) {
      this.tenant = tenant;
    }

    @Override
    public TenantId tenant() {
      return tenant;
    }

    @Override
    public void decided(boolean granted) {
      told.add(granted);
    }
  }

  @Test
  void aPermitThatIsReleasedGoesToTheFirstWaiter() {
    ConcurrencyLimiter limiter = new ConcurrencyLimiter(16);
    fill(limiter, HOG);
    TestWaiter first = new TestWaiter(HOG);
    TestWaiter second = new TestWaiter(HOG);
    assertThat(limiter.enqueue(first)).isTrue();
    assertThat(limiter.enqueue(second)).isTrue();
    limiter.release(HOG);
    assertThat(first.told).containsExactly(true);
    assertThat(second.told).isEmpty();
    assertThat(limiter.inFlight()).isEqualTo(16);
    assertThat(limiter.tryAcquire(HOG)).as("overtaking the second").isFalse();
    assertThat(limiter.cancel(first)).as("told already").isFalse();
    assertThat(limiter.cancel(second)).isTrue();
    limiter.release(HOG);
    assertThat(second.told).isEmpty();
    assertThat(limiter.tryAcquire(HOG)).isTrue();
  }

  @Test
  void aWaiterIsGrantedAFreePermitAtOnce() {
    ConcurrencyLimiter limiter = new ConcurrencyLimiter(16);
    TestWaiter waiter = new TestWaiter(HOG);
    assertThat(limiter.enqueue(waiter)).isTrue();
    assertThat(waiter.told).containsExactly(true);
    assertThat(limiter.inFlight()).isEqualTo(1);
    assertThat(limiter.cancel(waiter)).isFalse();
  }

  @Test
  void aWaiterWhoseTenantHasItsShareIsPassedOver() {
    ConcurrencyLimiter limiter = new ConcurrencyLimiter(4);
    fill(limiter, HOG);
    limiter.acquire(OTHER); // of the reserve, which is used up by that
    TestWaiter hog = new TestWaiter(HOG);
    TestWaiter other = new TestWaiter(OTHER);
    limiter.enqueue(hog);
    limiter.enqueue(other);
    limiter.claimedSome(List.of(new TenantId("third")));
    limiter.release(HOG);
    limiter.release(HOG);
    assertThat(hog.told).as("has its half").isEmpty();
    assertThat(other.told).containsExactly(true);
  }

  @Test
  void noWaiterOvertakesRunsOfItsTenantOnDisk() {
    ConcurrencyLimiter limiter = new ConcurrencyLimiter(16);
    fill(limiter, HOG);
    TestWaiter early = new TestWaiter(HOG);
    limiter.enqueue(early);
    limiter.queued(HOG);
    assertThat(early.told).containsExactly(false);
    assertThat(limiter.enqueue(new TestWaiter(HOG))).isFalse();
    assertThat(limiter.enqueue(new TestWaiter(OTHER))).isTrue();
  }

  @Test
  void thereAreNoMoreWaitersThanPermits() {
    ConcurrencyLimiter limiter = new ConcurrencyLimiter(2);
    fill(limiter, HOG);
    assertThat(limiter.enqueue(new TestWaiter(HOG))).isTrue();
    assertThat(limiter.enqueue(new TestWaiter(HOG))).isTrue();
    assertThat(limiter.enqueue(new TestWaiter(HOG))).isFalse();
  }

  @Test
  void waitersAreRefusedWhenItCloses() {
    ConcurrencyLimiter limiter = new ConcurrencyLimiter(16);
    fill(limiter, HOG);
    TestWaiter waiter = new TestWaiter(HOG);
    limiter.enqueue(waiter);
    limiter.close();
    assertThat(waiter.told).containsExactly(false);
    assertThat(limiter.enqueue(new TestWaiter(HOG))).isFalse();
  }

  @Test
  void aPermitIsReleasedBeforeTheOutcomeIsOnDisk() {
    ConcurrencyLimiter limiter = new ConcurrencyLimiter(16);
    fill(limiter, HOG);
    TestWaiter waiter = new TestWaiter(HOG);
    assertThat(limiter.enqueue(waiter)).isTrue();
    limiter.attempted(HOG);
    assertThat(waiter.told).containsExactly(true);
    assertThat(limiter.inFlight()).isEqualTo(16);
    assertThat(limiter.unrecorded()).isEqualTo(1);
    assertThat(limiter.ended()).isEqualTo(1);
    limiter.recorded();
    assertThat(limiter.inFlight()).isEqualTo(16);
    assertThat(limiter.unrecorded()).isZero();
  }

  /** 16 permits, a reserve of 4, and 8 more. */
  @Test
  void nothingStartsWhileTooManyOutcomesWaitForTheDatabase() {
    ConcurrencyLimiter limiter = new ConcurrencyLimiter(16);
    fill(limiter, HOG);
    for (int i = 0; i < 16; i++) {
      limiter.attempted(HOG);
    }
    assertThat(fill(limiter, HOG)).isEqualTo(12);
    assertThat(limiter.free()).isZero();
    assertThat(limiter.tryAcquire(OTHER)).isFalse();
    TestWaiter waiter = new TestWaiter(OTHER);
    assertThat(limiter.enqueue(waiter)).isTrue();
    assertThat(waiter.told).isEmpty();
    limiter.recorded();
    assertThat(waiter.told).containsExactly(true);
    limiter.recorded();
    assertThat(limiter.free()).isPositive();
  }
}
