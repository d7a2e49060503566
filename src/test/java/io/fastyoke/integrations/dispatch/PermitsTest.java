package io.fastyoke.integrations.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.fastyoke.integrations.identity.TenantId;
import io.fastyoke.integrations.queue.RequestSize;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class PermitsTest {
  private static final TenantId TENANT = new TenantId("t1");
  private static final int LARGE = RequestSize.LARGE + 1;

  private final ConcurrencyLimiter limiter = new ConcurrencyLimiter(1);
  private final PayloadMemoryBudget memory = new PayloadMemoryBudget(2L * LARGE);
  private final ManualTimers timers = new ManualTimers();
  private final Permits permits = new Permits(limiter, memory, timers);

  private CompletableFuture<Optional<Permit>> request(int size) {
    return permits.forNewRun(TENANT, size).subscribeAsCompletionStage();
  }

  private Permit granted() {
    return request(0).join().orElseThrow();
  }

  @Test
  void aPermitThatIsReleasedGoesToTheRunThatWaits() {
    Permit first = granted();
    CompletableFuture<Optional<Permit>> next = request(0);
    assertThat(next).isNotDone();
    first.close();
    assertThat(next.join()).isPresent();
    assertThat(limiter.inFlight()).isEqualTo(1);
    assertThat(timers.waiting()).as("a timer would hold the request in memory").isZero();
  }

  @Test
  void afterAWaitInVainNoOtherRunWaitsForTenSeconds() {
    Permit held = granted();
    CompletableFuture<Optional<Permit>> first = request(0);
    timers.advance(249);
    assertThat(first).isNotDone();
    timers.advance(1);
    assertThat(first.join()).isEmpty();
    timers.advance(Permits.NO_WAIT_MS - 1);
    assertThat(request(0)).isCompletedWithValue(Optional.empty());
    timers.advance(1);
    CompletableFuture<Optional<Permit>> again = request(0);
    assertThat(again).isNotDone();
    held.close();
    assertThat(again.join()).isPresent();
  }

  @Test
  void theMemoryOfALargeRequestIsHeldAsLongAsThePermit() {
    Permit permit = request(LARGE).join().orElseThrow();
    assertThat(memory.budget().fullTenants()).containsExactly("t1");
    permit.attempted();
    assertThat(limiter.inFlight()).isZero();
    assertThat(memory.budget().fullTenants()).containsExactly("t1");
    permit.close();
    assertThat(memory.budget().fullTenants()).isEmpty();
  }

  @Test
  void noPermitIsTakenWithoutTheMemoryForTheRequest() {
    request(LARGE).join().orElseThrow().attempted();
    assertThat(request(LARGE)).isCompletedWithValue(Optional.empty());
    assertThat(limiter.inFlight()).isZero();
  }

  @Test
  void aRunThatGetsNoPermitReleasesItsMemory() {
    Permit held = granted();
    request(LARGE);
    timers.advance(250);
    assertThat(memory.budget().fullTenants()).as("refused after a wait").isEmpty();
    request(LARGE);
    assertThat(memory.budget().fullTenants()).as("refused at once").isEmpty();
    timers.advance(Permits.NO_WAIT_MS);
    limiter.queued(TENANT);
    request(LARGE);
    assertThat(memory.budget().fullTenants()).as("refused a place among those who wait").isEmpty();
    held.close();
  }

  @Test
  void closingTwiceReleasesOnce() {
    Permit unused = granted();
    unused.close();
    unused.close();
    unused.attempted();
    assertThat(limiter.inFlight()).isZero();
    Permit used = granted();
    used.attempted();
    used.attempted();
    used.close();
    used.close();
    assertThat(limiter.inFlight()).isZero();
    assertThat(limiter.unrecorded()).isZero();
    assertThat(limiter.ended()).isEqualTo(1);
  }
}
