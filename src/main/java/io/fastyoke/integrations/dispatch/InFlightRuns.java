package io.fastyoke.integrations.dispatch;

import io.fastyoke.integrations.queue.ClaimedRun;
import io.fastyoke.integrations.queue.Lease;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The runs that this process is working on. After a database outage that outlasts their leases they
 * are due again; a process must not claim its own runs, because known outcomes that only wait to be
 * written would become unknown ones.
 */
@ApplicationScoped
class InFlightRuns {
  private record Key(UUID run, long leaseToken) {}

  private final Timers timers;
  private final Map<Key, Long> claimedAt = new ConcurrentHashMap<>();

  InFlightRuns(Timers timers) {
    this.timers = timers;
  }

  void begin(ClaimedRun run) {
    claimedAt.put(key(run), run.claim().atNanos());
  }

  void end(ClaimedRun run) {
    claimedAt.remove(key(run));
  }

  /** Runs whose leases may have ended: none, except after outages and in long attempts. */
  List<UUID> old() {
    long now = timers.nanos();
    return claimedAt.entrySet().stream()
        .filter(run -> now - run.getValue() > Lease.MARGIN.toNanos())
        .map(run -> run.getKey().run())
        .toList();
  }

  private static Key key(ClaimedRun run) {
    return new Key(run.id(), run.claim().leaseToken());
  }
}
