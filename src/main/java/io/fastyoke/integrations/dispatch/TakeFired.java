package io.fastyoke.integrations.dispatch;

import io.fastyoke.integrations.queue.CheckedRequest;
import io.fastyoke.integrations.queue.EnqueueResult;
import io.fastyoke.integrations.queue.FiredRequest;
import io.fastyoke.integrations.queue.FiredRequests;
import io.fastyoke.integrations.queue.FiredRequests.Stored;
import io.fastyoke.integrations.queue.FiredRequests.Taken;
import io.fastyoke.integrations.queue.FiredRequests.Wanted;
import io.fastyoke.integrations.queue.NewRun;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;

/** Stores what was fired in SQL, and starts at once those runs for which there are permits. */
@ApplicationScoped
public class TakeFired {
  private final FiredRequests requests;
  private final LostClaims lostClaims;
  private final RunStarter starter;
  private final Permits permits;
  private final ConcurrencyLimiter limiter;
  private final WorkListener listener;
  private final RunMetrics metrics;

  TakeFired(
      FiredRequests requests,
      LostClaims lostClaims,
      RunStarter starter,
      Permits permits,
      ConcurrencyLimiter limiter,
      WorkListener listener,
      RunMetrics metrics) {
    this.requests = requests;
    this.lostClaims = lostClaims;
    this.starter = starter;
    this.permits = permits;
    this.limiter = limiter;
    this.listener = listener;
    this.metrics = metrics;
  }

  /** How many runs may start now; negative while the service stops. */
  public int room() {
    return limiter.isClosed() ? -1 : limiter.free();
  }

  /**
   * Takes a batch; see {@link FiredRequests#take}.
   *
   * @param check makes a run of a request
   */
  public Uni<Taken> take(Wanted wanted, Function<FiredRequest, CheckedRequest> check) {
    return Uni.createFrom()
        .deferred(
            () -> {
              Map<UUID, Permit> held = new HashMap<>();
              return requests
                  .take(wanted, fired -> withPermits(fired, check, held))
                  .invoke(taken -> taken.stored().forEach(each -> stored(each, held)))
                  .onFailure()
                  .invoke(() -> notStored(held));
            });
  }

  private List<CheckedRequest> withPermits(
      List<FiredRequest> fired,
      Function<FiredRequest, CheckedRequest> check,
      Map<UUID, Permit> held) {
    held.values().forEach(Permit::close);
    held.clear();
    return fired.stream().map(check).map(checked -> withPermit(checked, held)).toList();
  }

  private CheckedRequest withPermit(CheckedRequest checked, Map<UUID, Permit> held) {
    NewRun run = checked.run();
    if (checked.isRefused()) {
      return checked;
    }
    return permits
        .forFiredRun(run.tenant(), run.request().size())
        .map(
            permit -> {
              held.put(run.id(), permit);
              return new CheckedRequest(run.starting(), null);
            })
        .orElse(checked);
  }

  private void stored(Stored stored, Map<UUID, Permit> held) {
    NewRun run = stored.checked().run();
    Permit permit = held.remove(run.id());
    if (stored.result() instanceof EnqueueResult.Started started && permit != null) {
      metrics.accepted();
      starter.start(started.run(), permit);
      return;
    }
    if (permit != null) {
      permit.close();
    }
    if (stored.checked().isRefused()) {
      metrics.accepted();
    } else if (stored.result() instanceof EnqueueResult.Queued queued) {
      metrics.accepted();
      if (!queued.blocked()) {
        limiter.queued(run.tenant());
        listener.runQueued(run.tenant());
      }
    } else {
      metrics.repeated();
    }
  }

  /** They may be on disk all the same, each claimed under its own id. */
  private void notStored(Map<UUID, Permit> held) {
    held.forEach(
        (run, permit) -> {
          lostClaims.add(run);
          permit.close();
        });
  }
}
