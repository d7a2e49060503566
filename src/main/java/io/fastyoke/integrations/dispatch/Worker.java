package io.fastyoke.integrations.dispatch;

import io.fastyoke.integrations.connections.SealedConnection;
import io.fastyoke.integrations.database.DatabaseFailure;
import io.fastyoke.integrations.delivery.ActionOutcome;
import io.fastyoke.integrations.delivery.Attempts;
import io.fastyoke.integrations.delivery.NextStep;
import io.fastyoke.integrations.delivery.RetryRule;
import io.fastyoke.integrations.events.Event.Failure;
import io.fastyoke.integrations.plan.Run;
import io.fastyoke.integrations.providers.Provider;
import io.fastyoke.integrations.providers.ProviderRegistry;
import io.fastyoke.integrations.queue.ClaimedRun;
import io.fastyoke.integrations.queue.Closing;
import io.fastyoke.integrations.queue.Closing.Next;
import io.fastyoke.integrations.queue.Reconcile;
import io.fastyoke.integrations.queue.Reconcile.Finding;
import io.fastyoke.integrations.queue.RecordOutcomes;
import io.fastyoke.integrations.queue.RecordOutcomes.Recorded;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
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

  /** About two minutes. An outage is no refusal: there is no limit to how long it may last. */
  private static final int MOST_REFUSALS = 120;

  /** What the attempts of one action add to the token, with something to spare for outages. */
  private static final int MOST_TOKENS = 100;

  private static final Failure NO_TIME =
      new Failure("unreachable", "Nothing was sent: the service came to it too late every time.");

  private static final Failure UNREADABLE =
      new Failure(
          "unreadable_run",
          "What is stored of this run cannot be read by this version; nothing was sent.");

  /** After a hand-back for want of time: a process that was halted comes to itself first. */
  private static final Duration BREATH = Duration.ofSeconds(1);

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
  private final Executing executing;
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
      Executing executing,
      Waiters waiters,
      Slots slots,
      LargeRuns large,
      RunMetrics metrics,
      InstantSource clock) {
    this.attempts = attempts;
    this.providers = providers;
    this.records = records;
    this.reconcile = reconcile;
    this.executing = executing;
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
    Slots.Slot slot = slots.slotOf(run.tenant());
    work(run, slot, queue)
        .onTermination()
        .invoke(() -> release(run, slot))
        .subscribe()
        .with(
            done -> queue.slotFree(),
            failure -> {
              LOG.errorf(
                  failure, "run %s: left to its lease, another worker will take it", run.id());
              queue.slotFree();
            });
  }

  private void release(ClaimedRun run, Slots.Slot slot) {
    large.letGo(run.id());
    slot.close();
  }

  /** Deferred, so that whatever is thrown on the way is a failure of this run and of no other. */
  private Uni<Void> work(ClaimedRun run, Slots.Slot slot, Queue queue) {
    return Uni.createFrom()
        .deferred(
            () -> {
              executing.begin(run);
              return close(run);
            })
        .map(closing -> slots.isClosed() ? closing.givenBack() : closing)
        .invoke(closing -> letGo(closing, slot, queue))
        .chain(
            closing ->
                record(closing)
                    .chain(recorded -> findOut(closing, recorded))
                    .chain(finding -> proceed(closing, finding, slot, queue)))
        .onFailure()
        .invoke(() -> executing.end(run));
  }

  /** Another run need not wait until this one's outcome is on disk. */
  private static void letGo(Closing closing, Slots.Slot slot, Queue queue) {
    if (!(closing.next() instanceof Next.FireNext)) {
      slot.attempted();
      queue.slotFree();
    }
  }

  private Uni<Closing> close(ClaimedRun run) {
    if (run.current().cancelRequested() && !run.current().interrupted()) {
      return Uni.createFrom().item(() -> step(run).cancel());
    }
    if (run.current().interrupted()) {
      return Uni.createFrom().item(() -> decide(run, new ActionOutcome.Interrupted()));
    }
    if (!run.stored().readable()) {
      return Uni.createFrom().item(() -> decide(run, new ActionOutcome.NotTried(UNREADABLE, null)));
    }
    if (slots.isClosed()) {
      return Uni.createFrom().item(() -> step(run).handBack(Duration.ZERO));
    }
    return attempts
        .attempt(run)
        .map(outcome -> outcome == null ? notMade(run) : decide(run, outcome));
  }

  /**
   * There was no time left to send anything. The token grows with every hand-back, and so tells a
   * run that gets nowhere from one that has come far.
   */
  private Closing notMade(ClaimedRun run) {
    return run.claim().leaseToken() < MOST_TOKENS * (run.index() + 2L)
        ? step(run).handBack(BREATH)
        : decide(run, new ActionOutcome.NotTried(NO_TIME, null));
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

  /**
   * What a receiver has been told must be written down, however long the database is away. Only
   * when the database is there and refuses it time and again is it left to its lease.
   */
  private Uni<Recorded> record(Closing closing) {
    AtomicInteger refusals = new AtomicInteger();
    return records
        .record(closing)
        .onFailure()
        .invoke(
            failure ->
                LOG.warnf(
                    "run %s: the outcome is not recorded yet (%s), trying again",
                    closing.run().id(), failure.getClass().getSimpleName()))
        .onFailure(
            failure ->
                !DatabaseFailure.isRefusal(failure) || refusals.incrementAndGet() < MOST_REFUSALS)
        .retry()
        .withBackOff(FIRST_PAUSE, LONGEST_PAUSE)
        .indefinitely();
  }

  private Uni<Finding> findOut(Closing closing, Recorded recorded) {
    return recorded instanceof Recorded.Written written
        ? Uni.createFrom().item(new Finding.Written(written))
        : reconcile.look(closing);
  }

  private Uni<Void> proceed(Closing closing, Finding finding, Slots.Slot slot, Queue queue) {
    if (finding instanceof Finding.ToBeCancelled) {
      Closing cancelled = step(closing.run()).cancelled(closing);
      return record(cancelled)
          .chain(recorded -> findOut(cancelled, recorded))
          .chain(found -> proceed(cancelled, found, slot, queue));
    }
    executing.end(closing.run());
    if (finding instanceof Finding.Written found) {
      return written(closing, found.written(), slot, queue);
    }
    LOG.warnf("run %s: the lease was lost; somebody else goes on with it", closing.run().id());
    return Uni.createFrom().voidItem();
  }

  private Uni<Void> written(
      Closing closing, Recorded.Written written, Slots.Slot slot, Queue queue) {
    if (written.released()) {
      queue.dueIn(Duration.ZERO);
    }
    if (closing.run().claim().gate() != null) {
      queue.atGate();
    }
    if (closing.next() instanceof Next.FireNext) {
      if (!written.claimed()) {
        queue.atGate();
        return Uni.createFrom().voidItem();
      }
      return work(
          closing.run().next(closing.actions(), written.connection(), written.nanos()),
          slot,
          queue);
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
