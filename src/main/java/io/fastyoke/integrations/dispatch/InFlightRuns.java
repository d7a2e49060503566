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
public class InFlightRuns {
  private record Held(UUID run, long leaseToken) {}

  private final Map<Held, Long> claimedAt = new ConcurrentHashMap<>();

  void begin(ClaimedRun run) {
    claimedAt.put(new Held(run.id(), run.claim().leaseToken()), run.claim().atNanos());
  }

  void end(ClaimedRun run) {
    claimedAt.remove(new Held(run.id(), run.claim().leaseToken()));
  }

  /** Runs in our hands whose leases may have ended: none, but for outages and long attempts. */
  List<UUID> old() {
    long now = System.nanoTime();
    return claimedAt.entrySet().stream()
        .filter(held -> now - held.getValue() > Lease.MARGIN.toNanos())
        .map(held -> held.getKey().run())
        .toList();
  }
}
