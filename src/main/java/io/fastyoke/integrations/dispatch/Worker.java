package io.fastyoke.integrations.dispatch;

import io.fastyoke.integrations.connections.SealedConnection;
import io.fastyoke.integrations.database.DatabaseFailure;
import io.fastyoke.integrations.delivery.ActionExecutor;
import io.fastyoke.integrations.delivery.ActionOutcome;
import io.fastyoke.integrations.delivery.RetryPolicy;
import io.fastyoke.integrations.delivery.RunTransition;
import io.fastyoke.integrations.events.Event.Failure;
import io.fastyoke.integrations.plan.Run;
import io.fastyoke.integrations.providers.Provider;
import io.fastyoke.integrations.providers.ProviderRegistry;
import io.fastyoke.integrations.queue.ClaimedRun;
import io.fastyoke.integrations.queue.Completion;
import io.fastyoke.integrations.queue.Completion.Next;
import io.fastyoke.integrations.queue.RecordOutcomes;
import io.fastyoke.integrations.queue.RecordOutcomes.Recorded;
import io.fastyoke.integrations.queue.ResolveCommit;
import io.fastyoke.integrations.queue.ResolveCommit.Finding;
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
      new Failure(
          "unreachable",
          "Not sent: the service could not start this attempt within its lease, repeatedly.");

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

    /** A permit has been released. */
    void permitReleased();
  }

  private final ActionExecutor attempts;
  private final ProviderRegistry providers;
  private final RecordOutcomes records;
  private final ResolveCommit resolveCommit;
  private final InFlightRuns inFlightRuns;
  private final CompletionWaits completions;
  private final ConcurrencyLimiter limiter;
  private final PayloadMemoryBudget payloads;
  private final RunMetrics metrics;
  private final InstantSource clock;

  Worker(
      ActionExecutor attempts,
      ProviderRegistry providers,
      RecordOutcomes records,
      ResolveCommit resolveCommit,
      InFlightRuns inFlightRuns,
      CompletionWaits completions,
      ConcurrencyLimiter limiter,
      PayloadMemoryBudget payloads,
      RunMetrics metrics,
      InstantSource clock) {
    this.attempts = attempts;
    this.providers = providers;
    this.records = records;
    this.resolveCommit = resolveCommit;
    this.inFlightRuns = inFlightRuns;
    this.completions = completions;
    this.limiter = limiter;
    this.payloads = payloads;
    this.metrics = metrics;
    this.clock = clock;
  }

  /**
   * Executes a run for which a permit has been taken, and releases the permit.
   *
   * @param queue told when there may be more to claim
   */
  void start(ClaimedRun run, Queue queue) {
    ConcurrencyLimiter.Permit permit = limiter.permitFor(run.tenant());
    work(run, permit, queue)
        .onTermination()
        .invoke(() -> release(run, permit))
        .subscribe()
        .with(
            done -> queue.permitReleased(),
            failure -> {
              LOG.errorf(
                  failure, "run %s: left to its lease, another worker will take it", run.id());
              queue.permitReleased();
            });
  }

  private void release(ClaimedRun run, ConcurrencyLimiter.Permit permit) {
    payloads.release(run.id());
    permit.close();
  }

  /** Deferred, so that whatever is thrown on the way is a failure of this run and of no other. */
  private Uni<Void> work(ClaimedRun run, ConcurrencyLimiter.Permit permit, Queue queue) {
    return Uni.createFrom()
        .deferred(
            () -> {
              inFlightRuns.begin(run);
              return close(run);
            })
        .map(completion -> limiter.isClosed() ? completion.givenBack() : completion)
        .invoke(completion -> letGo(completion, permit, queue))
        .chain(
            completion ->
                record(completion)
                    .chain(recorded -> findOut(completion, recorded))
                    .chain(finding -> proceed(completion, finding, permit, queue)))
        .onFailure()
        .invoke(() -> inFlightRuns.end(run));
  }

  /** Another run need not wait until this one's outcome is on disk. */
  private static void letGo(Completion completion, ConcurrencyLimiter.Permit permit, Queue queue) {
    if (!(completion.next() instanceof Next.FireNext)) {
      permit.attempted();
      queue.permitReleased();
    }
  }

  private Uni<Completion> close(ClaimedRun run) {
    if (run.current().cancelRequested() && !run.current().interrupted()) {
      return Uni.createFrom().item(() -> step(run).cancel());
    }
    if (run.current().interrupted()) {
      return Uni.createFrom().item(() -> decide(run, new ActionOutcome.Interrupted()));
    }
    if (!run.stored().readable()) {
      return Uni.createFrom().item(() -> decide(run, new ActionOutcome.NotTried(UNREADABLE, null)));
    }
    if (limiter.isClosed()) {
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
  private Completion notMade(ClaimedRun run) {
    return run.claim().leaseToken() < MOST_TOKENS * (run.index() + 2L)
        ? step(run).handBack(BREATH)
        : decide(run, new ActionOutcome.NotTried(NO_TIME, null));
  }

  private Completion decide(ClaimedRun run, ActionOutcome outcome) {
    metrics.attempt(run, outcome);
    RetryPolicy rule =
        new RetryPolicy(
            run.action().retry(),
            run.attempt(),
            receiverDeduplicates(run),
            ThreadLocalRandom.current().nextDouble());
    return step(run).after(outcome, rule.decide(outcome));
  }

  private RunTransition step(ClaimedRun run) {
    return new RunTransition(run, clock.instant());
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
  private Uni<Recorded> record(Completion completion) {
    AtomicInteger refusals = new AtomicInteger();
    return records
        .record(completion)
        .onFailure()
        .invoke(
            failure ->
                LOG.warnf(
                    "run %s: the outcome is not recorded yet (%s), trying again",
                    completion.run().id(), failure.getClass().getSimpleName()))
        .onFailure(
            failure ->
                !DatabaseFailure.isRefusal(failure) || refusals.incrementAndGet() < MOST_REFUSALS)
        .retry()
        .withBackOff(FIRST_PAUSE, LONGEST_PAUSE)
        .indefinitely();
  }

  private Uni<Finding> findOut(Completion completion, Recorded recorded) {
    return recorded instanceof Recorded.Written written
        ? Uni.createFrom().item(new Finding.Written(written))
        : resolveCommit.look(completion);
  }

  private Uni<Void> proceed(
      Completion completion, Finding finding, ConcurrencyLimiter.Permit permit, Queue queue) {
    if (finding instanceof Finding.ToBeCancelled) {
      Completion cancelled = step(completion.run()).cancelled(completion);
      return record(cancelled)
          .chain(recorded -> findOut(cancelled, recorded))
          .chain(found -> proceed(cancelled, found, permit, queue));
    }
    inFlightRuns.end(completion.run());
    if (finding instanceof Finding.Written found) {
      return written(completion, found.written(), permit, queue);
    }
    LOG.warnf("run %s: the lease was lost; another replica goes on with it", completion.run().id());
    return Uni.createFrom().voidItem();
  }

  private Uni<Void> written(
      Completion completion,
      Recorded.Written written,
      ConcurrencyLimiter.Permit permit,
      Queue queue) {
    if (written.released()) {
      queue.dueIn(Duration.ZERO);
    }
    if (completion.run().claim().gate() != null) {
      queue.atGate();
    }
    if (completion.next() instanceof Next.FireNext) {
      if (!written.claimed()) {
        queue.atGate();
        return Uni.createFrom().voidItem();
      }
      return work(
          completion.run().next(completion.actions(), written.connection(), written.nanos()),
          permit,
          queue);
    }
    Run view = completion.view();
    if (view.isFinished()) {
      metrics.finished(view);
      completions.finished(view);
    }
    if (completion.next() instanceof Next.Later later) {
      queue.dueIn(later.delay());
    }
    return Uni.createFrom().voidItem();
  }
}
