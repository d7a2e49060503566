package io.fastyoke.integrations.runs;

import io.fastyoke.integrations.connections.SealedConnection;
import io.fastyoke.integrations.providers.Provider;
import io.fastyoke.integrations.providers.ProviderRegistry;
import io.fastyoke.integrations.runs.Closing.Next;
import io.fastyoke.integrations.runs.RecordOutcomes.Recorded;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.ThreadLocalRandom;
import org.jboss.logging.Logger;

/**
 * Executes claimed runs: attempt, decide, record, and on to the next action, until the run is
 * finished or given back.
 */
@ApplicationScoped
public class Worker {
  private static final Logger LOG = Logger.getLogger(Worker.class);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

  /** Longer than any lease: by then somebody else has the run. */
  private static final Duration LONGEST_OUTAGE = Duration.ofMinutes(2);

  /** Whoever claims runs. */
  interface Queue {
    /** A run will be due after the wait. */
    void dueIn(Duration wait);

    /** A run has come to a gate, or no longer counts at one. */
    void atGate();

    /** A slot has been released. */
    void slotFree();
  }

  private final Attempts attempts;
  private final ProviderRegistry providers;
  private final RecordOutcomes records;
  private final Reconcile reconcile;
  private final Waiters waiters;
  private final Slots slots;
  private final LargeRuns large;
  private final RunMetrics metrics;
  private final InstantSource clock;

  Worker(
      Attempts attempts,
      ProviderRegistry providers,
      RecordOutcomes records,
      Reconcile reconcile,
      Waiters waiters,
      Slots slots,
      LargeRuns large,
      RunMetrics metrics,
      InstantSource clock) {
    this.attempts = attempts;
    this.providers = providers;
    this.records = records;
    this.reconcile = reconcile;
    this.waiters = waiters;
    this.slots = slots;
    this.large = large;
    this.metrics = metrics;
    this.clock = clock;
  }

  /**
   * Executes a run for which a slot has been taken, and releases the slot.
   *
   * @param queue told when there may be more to claim
   */
  void start(ClaimedRun run, Queue queue) {
    work(run, queue)
        .onTermination()
        .invoke(() -> release(run))
        .subscribe()
        .with(
            done -> queue.slotFree(),
            failure -> {
              LOG.errorf(
                  failure, "run %s: left to its lease, another worker will take it", run.id());
              queue.slotFree();
            });
  }

  private void release(ClaimedRun run) {
    large.letGo(run.id());
    slots.release(run.tenant());
  }

  private Uni<Void> work(ClaimedRun run, Queue queue) {
    return close(run)
        .map(closing -> slots.isClosed() ? closing.givenBack() : closing)
        .chain(closing -> record(closing).chain(recorded -> proceed(closing, recorded, queue)));
  }

  private Uni<Closing> close(ClaimedRun run) {
    if (run.cancelRequested() && !run.interrupted()) {
      return Uni.createFrom().item(() -> step(run).cancel());
    }
    if (run.interrupted()) {
      return Uni.createFrom().item(() -> decide(run, new ActionOutcome.Interrupted()));
    }
    return attempts
        .attempt(run)
        .map(outcome -> outcome == null ? step(run).handBack() : decide(run, outcome));
  }

  private Closing decide(ClaimedRun run, ActionOutcome outcome) {
    metrics.attempt(run, outcome);
    RetryRule rule =
        new RetryRule(
            run.action().retry(),
            run.attempt(),
            receiverDeduplicates(run),
            ThreadLocalRandom.current().nextDouble());
    return step(run).after(outcome, rule.decide(outcome));
  }

  private NextStep step(ClaimedRun run) {
    return new NextStep(run, clock.instant());
  }

  private boolean receiverDeduplicates(ClaimedRun run) {
    SealedConnection connection = run.connection();
    return connection != null
        && providers.find(connection.provider()).map(Provider::receiverDeduplicates).orElse(false);
  }

  /** What a receiver has been told must be written down, however long the database is away. */
  private Uni<Recorded> record(Closing closing) {
    return records
        .record(closing)
        .onFailure()
        .invoke(
            failure ->
                LOG.warnf(
                    "run %s: the outcome is not recorded yet (%s), trying again",
                    closing.run().id(), failure.getClass().getSimpleName()))
        .onFailure()
        .retry()
        .withBackOff(FIRST_PAUSE, LONGEST_PAUSE)
        .expireIn(LONGEST_OUTAGE.toMillis());
  }

  private Uni<Void> proceed(Closing closing, Recorded recorded, Queue queue) {
    if (recorded instanceof Recorded.Written written) {
      return written(closing, written, queue);
    }
    return reconcile
        .look(closing)
        .chain(
            finding -> {
              if (finding instanceof Reconcile.Finding.Written found) {
                return written(closing, found.written(), queue);
              }
              if (finding instanceof Reconcile.Finding.ToBeCancelled) {
                return afterCancel(closing, queue);
              }
              LOG.warnf(
                  "run %s: the lease was lost; somebody else goes on with it", closing.run().id());
              return Uni.createFrom().voidItem();
            });
  }

  private Uni<Void> afterCancel(Closing closing, Queue queue) {
    Closing cancelled = closing.whenCancelled(clock.instant());
    return record(cancelled).chain(recorded -> proceed(cancelled, recorded, queue));
  }

  private Uni<Void> written(Closing closing, Recorded.Written written, Queue queue) {
    if (written.released()) {
      queue.dueIn(Duration.ZERO);
    }
    if (closing.run().gate() != null) {
      queue.atGate();
    }
    if (closing.next() instanceof Next.FireNext) {
      if (!written.claimed()) {
        queue.atGate();
        return Uni.createFrom().voidItem();
      }
      return work(
          closing.run().next(closing.actions(), written.connection(), written.nanos()), queue);
    }
    Run view = closing.view();
    if (view.isFinished()) {
      metrics.finished(view);
      waiters.finished(view);
    }
    if (closing.next() instanceof Next.Later later) {
      queue.dueIn(later.delay());
    }
    return Uni.createFrom().voidItem();
  }
}
