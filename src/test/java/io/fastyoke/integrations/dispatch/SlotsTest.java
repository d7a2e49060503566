package io.fastyoke.integrations.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.fastyoke.integrations.identity.TenantId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SlotsTest {
  private static final TenantId HOG = new TenantId("hog");
  private static final TenantId OTHER = new TenantId("other");

  /** How many a tenant gets at most. */
  private static int fill(Slots slots, TenantId tenant) {
    int taken = 0;
    while (slots.tryTake(tenant)) {
      taken++;
    }
    return taken;
  }

  @Test
  void oneTenantMayHaveAllButTheReserve() {
    Slots slots = new Slots(256);
    assertThat(fill(slots, HOG)).isEqualTo(256);
    assertThat(slots.free()).isEqualTo(64);
    assertThat(slots.busyTenants()).containsExactly("hog");
  }

  @ParameterizedTest
  @ValueSource(ints = {256, 1_024})
  void theReserveLastsForManyTenantsWhoseReceiversHang(int limit) {
    Slots slots = new Slots(limit);
    fill(slots, HOG);
    for (int i = 0; i < 24; i++) {
      assertThat(fill(slots, new TenantId("hanging-" + i))).isPositive();
    }
    assertThat(fill(slots, OTHER)).isPositive();
  }

  @Test
  void aSmallLimitHasASmallReserveForSeveralTenants() {
    Slots slots = new Slots(16);
    assertThat(fill(slots, HOG)).isEqualTo(16);
    for (int i = 0; i < 4; i++) {
      assertThat(fill(slots, new TenantId("hanging-" + i))).isEqualTo(1);
    }
  }

  @Test
  void whoHasItsShareGetsNoMoreWhileAnotherWaits() {
    Slots slots = new Slots(16);
    for (int i = 0; i < 15; i++) {
      slots.take(HOG);
    }
    slots.claimedSome(List.of(HOG, OTHER));
    assertThat(slots.busyTenants()).containsExactly("hog");
    assertThat(slots.mayTakeAny(List.of("hog"))).isFalse();
    for (int i = 0; i < 8; i++) {
      slots.release(HOG);
    }
    assertThat(slots.busyTenants()).isEmpty();
    slots.take(HOG);
    slots.claimedAll(List.of("hog"));
    assertThat(slots.mayTakeAny(List.of("hog"))).isTrue();
  }

  @Test
  void aNewRunDoesNotOvertakeThoseThatWait() {
    Slots slots = new Slots(16);
    fill(slots, HOG);
    slots.queued(HOG);
    slots.queued(OTHER);
    for (int i = 0; i < 4; i++) {
      slots.release(HOG);
    }
    assertThat(slots.tryTake(HOG)).isFalse();
    assertThat(slots.tryTake(OTHER)).isTrue();
    slots.claimedSome(List.of(OTHER));
    assertThat(slots.tryTake(OTHER)).isFalse();
    slots.claimedAll(List.of());
    assertThat(slots.tryTake(HOG)).isTrue();
    assertThat(slots.tryTake(OTHER)).isTrue();
  }

  @Test
  void nothingIsGivenOnceClosed() throws InterruptedException {
    Slots slots = new Slots(16);
    slots.take(HOG);
    var drained = slots.closeAndDrain();
    assertThat(slots.tryTake(OTHER)).isFalse();
    assertThat(slots.free()).isZero();
    assertThat(drained.getCount()).isEqualTo(1);
    slots.release(HOG);
    drained.await();
  }

  /** Someone who waits, and what it was told. */
  private static final class Someone implements Slots.Asker {
    private final TenantId tenant;
    private final List<Boolean> told = new ArrayList<>();

    Someone(TenantId tenant) {
      this.tenant = tenant;
    }

    @Override
    public TenantId tenant() {
      return tenant;
    }

    @Override
    public void told(boolean hasSlot) {
      told.add(hasSlot);
    }
  }

  @Test
  void aSlotThatIsLetGoIsTheFirstAskers() {
    Slots slots = new Slots(16);
    fill(slots, HOG);
    Someone first = new Someone(HOG);
    Someone second = new Someone(HOG);
    assertThat(slots.ask(first)).isTrue();
    assertThat(slots.ask(second)).isTrue();
    slots.release(HOG);
    assertThat(first.told).containsExactly(true);
    assertThat(second.told).isEmpty();
    assertThat(slots.inFlight()).isEqualTo(16);
    assertThat(slots.tryTake(HOG)).as("overtaking the second").isFalse();
    assertThat(slots.leave(first)).as("told already").isFalse();
    assertThat(slots.leave(second)).isTrue();
    slots.release(HOG);
    assertThat(second.told).isEmpty();
    assertThat(slots.tryTake(HOG)).isTrue();
  }

  @Test
  void aSlotThatHasComeFreeMeanwhileIsTheAskersAtOnce() {
    Slots slots = new Slots(16);
    Someone asker = new Someone(HOG);
    assertThat(slots.ask(asker)).isTrue();
    assertThat(asker.told).containsExactly(true);
    assertThat(slots.inFlight()).isEqualTo(1);
    assertThat(slots.leave(asker)).isFalse();
  }

  @Test
  void anAskerWhoseTenantHasItsShareLetsTheNextOneGoFirst() {
    Slots slots = new Slots(4);
    fill(slots, HOG);
    slots.take(OTHER); // of the reserve, which is used up by that
    Someone hog = new Someone(HOG);
    Someone other = new Someone(OTHER);
    slots.ask(hog);
    slots.ask(other);
    slots.claimedSome(List.of(new TenantId("third")));
    slots.release(HOG);
    slots.release(HOG);
    assertThat(hog.told).as("has its half").isEmpty();
    assertThat(other.told).containsExactly(true);
  }

  @Test
  void nobodyAsksPastThoseOfItsTenantThatWaitOnDisk() {
    Slots slots = new Slots(16);
    fill(slots, HOG);
    Someone early = new Someone(HOG);
    slots.ask(early);
    slots.queued(HOG);
    assertThat(early.told).containsExactly(false);
    assertThat(slots.ask(new Someone(HOG))).isFalse();
    assertThat(slots.ask(new Someone(OTHER))).isTrue();
  }

  @Test
  void noMoreAskThanThereAreSlots() {
    Slots slots = new Slots(2);
    fill(slots, HOG);
    assertThat(slots.ask(new Someone(HOG))).isTrue();
    assertThat(slots.ask(new Someone(HOG))).isTrue();
    assertThat(slots.ask(new Someone(HOG))).isFalse();
  }

  @Test
  void whoAsksIsSentAwayAtTheEnd() {
    Slots slots = new Slots(16);
    fill(slots, HOG);
    Someone asker = new Someone(HOG);
    slots.ask(asker);
    slots.close();
    assertThat(asker.told).containsExactly(false);
    assertThat(slots.ask(new Someone(HOG))).isFalse();
  }

  @Test
  void aSlotIsLetGoBeforeTheOutcomeIsOnDisk() {
    Slots slots = new Slots(16);
    fill(slots, HOG);
    Someone asker = new Someone(HOG);
    assertThat(slots.ask(asker)).isTrue();
    Slots.Slot slot = slots.slotOf(HOG);
    slot.attempted();
    assertThat(asker.told).containsExactly(true);
    assertThat(slots.inFlight()).isEqualTo(16);
    assertThat(slots.unrecorded()).isEqualTo(1);
    assertThat(slots.ended()).isEqualTo(1);
    slot.close();
    assertThat(slots.inFlight()).isEqualTo(16);
    assertThat(slots.unrecorded()).isZero();
  }

  /** 16 slots, a reserve of 4, and 8 more. */
  @Test
  void nothingBeginsWhileTooManyOutcomesWaitForTheDatabase() {
    Slots slots = new Slots(16);
    fill(slots, HOG);
    List<Slots.Slot> ended = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      ended.add(slots.slotOf(HOG));
    }
    ended.forEach(Slots.Slot::attempted);
    assertThat(fill(slots, HOG)).isEqualTo(12);
    assertThat(slots.free()).isZero();
    assertThat(slots.tryTake(OTHER)).isFalse();
    Someone asker = new Someone(OTHER);
    assertThat(slots.ask(asker)).isTrue();
    assertThat(asker.told).isEmpty();
    ended.get(0).close();
    assertThat(asker.told).containsExactly(true);
    ended.get(1).close();
    assertThat(slots.free()).isPositive();
  }

  @Test
  void theProcessWaitsForOutcomesThatAreNotOnDisk() throws InterruptedException {
    Slots slots = new Slots(16);
    slots.take(HOG);
    Slots.Slot slot = slots.slotOf(HOG);
    slot.attempted();
    var drained = slots.closeAndDrain();
    assertThat(drained.getCount()).isEqualTo(1);
    slot.close();
    drained.await();
  }
}
