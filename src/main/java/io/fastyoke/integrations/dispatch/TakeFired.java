package io.fastyoke.integrations.dispatch;

import io.fastyoke.integrations.queue.CheckedRequest;
import io.fastyoke.integrations.queue.EnqueueResult;
import io.fastyoke.integrations.queue.FiredRequest;
import io.fastyoke.integrations.queue.FiredRequests;
import io.fastyoke.integrations.queue.FiredRequests.Stored;
import io.fastyoke.integrations.queue.FiredRequests.Taken;
import io.fastyoke.integrations.queue.FiredRequests.Wanted;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.function.Function;

/**
 * Stores what was fired in SQL, for workers to claim.
 *
 * <p>None is claimed as it is stored, as a run of {@code POST} is. Such a claim is known by the id
 * of its run, and this id was given before: when a commit is in doubt, another replica may store
 * the same run, and start it.
 */
@ApplicationScoped
public class TakeFired {
  private final FiredRequests requests;
  private final ConcurrencyLimiter limiter;
  private final WorkListener listener;
  private final RunMetrics metrics;

  TakeFired(
      FiredRequests requests,
      ConcurrencyLimiter limiter,
      WorkListener listener,
      RunMetrics metrics) {
    this.requests = requests;
    this.limiter = limiter;
    this.listener = listener;
    this.metrics = metrics;
  }

  /** Whether the service stops, and takes nothing more. */
  public boolean isClosed() {
    return limiter.isClosed();
  }

  /**
   * Takes a batch; see {@link FiredRequests#take}.
   *
   * @param check makes a run of a request
   */
  public Uni<Taken> take(Wanted wanted, Function<FiredRequest, CheckedRequest> check) {
    return requests
        .take(wanted, fired -> fired.stream().map(check).toList())
        .invoke(taken -> taken.stored().forEach(this::stored));
  }

  private void stored(Stored stored) {
    if (stored.checked().isRefused()) {
      metrics.accepted();
    } else if (stored.result() instanceof EnqueueResult.Queued queued) {
      metrics.accepted();
      if (!queued.blocked()) {
        limiter.queued(stored.checked().run().tenant());
        listener.runQueued(stored.checked().run().tenant());
      }
    } else {
      metrics.repeated();
    }
  }
}
