package io.fastyoke.integrations.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.fastyoke.integrations.queue.ClaimedRun;
import io.fastyoke.integrations.queue.Lease;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class InFlightRunsTest {
  private final ManualTimers timers = new ManualTimers();
  private final InFlightRuns runs = new InFlightRuns(timers);

  private ClaimedRun claimedNow(ClaimedRun run, long token) {
    return new ClaimedRun(
        run.ref(),
        new ClaimedRun.Claim(token, UUID.randomUUID(), null, 0, null, timers.nanos()),
        run.stored(),
        run.current());
  }

  @Test
  void aRunIsOldWhenTheShortestLeaseMayHaveEnded() {
    ClaimedRun run = claimedNow(TestRuns.claimed(1), 1);
    runs.begin(run);
    timers.advance(Lease.MARGIN);
    assertThat(runs.old()).isEmpty();
    timers.advance(1);
    assertThat(runs.old()).containsExactly(run.id());
    runs.end(run);
    assertThat(runs.old()).isEmpty();
  }

  /** The next action of a run is claimed before the last one has ended here. */
  @Test
  void theEndOfOneClaimIsNotTheEndOfTheNext() {
    ClaimedRun first = claimedNow(TestRuns.claimed(1), 1);
    ClaimedRun next = claimedNow(first, 2);
    runs.begin(first);
    runs.begin(next);
    runs.end(first);
    timers.advance(Lease.MARGIN.plusMillis(1));
    assertThat(runs.old()).isEqualTo(List.of(next.id()));
  }
}
