package io.fastyoke.integrations.dispatch;

import io.fastyoke.integrations.database.DatabaseFailure;
import io.fastyoke.integrations.delivery.RunTransition;
import io.fastyoke.integrations.plan.Run;
import io.fastyoke.integrations.queue.ClaimedRun;
import io.fastyoke.integrations.queue.Completion;
import io.fastyoke.integrations.queue.Completion.Next;
import io.fastyoke.integrations.queue.RecordOutcomes;
import io.fastyoke.integrations.queue.RecordOutcomes.Recorded;
import io.fastyoke.integrations.queue.ResolveCommit;
import io.fastyoke.integrations.queue.ResolveCommit.Finding;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jboss.logging.Logger;

/**
 * Executes claimed runs: attempt, record, and on to the next action, until the run is finished or
 * given back.
 */
@ApplicationScoped
public class Worker implements RunStarter {
  private static final Logger LOG = Logger.getLogger(Worker.class);
  private static final Duration FIRST_RETRY_DELAY = Duration.ofMillis(100);
  private static final Duration MAX_RETRY_DELAY = Duration.ofSeconds(1);

  /** About two minutes. An outage is no refusal: there is no limit to how long it may last. */
  private static final int MAX_REFUSALS = 120;

  private final Steps steps;
  private final InFlightRuns inFlightRuns;
  private final CompletionWaits completions;
  private final ConcurrencyLimiter limiter;
  private final WorkListener listener;
  private final RunMetrics metrics;
  private final RunTraces traces;
  private final InstantSource clock;

  /**
   * What a run goes through; functions, so that a test of the worker needs neither a database nor a
   * receiver.
   *
   * @param attempt see {@link AttemptAction#attempt}
   * @param record see {@link RecordOutcomes#record}
   * @param resolve see {@link ResolveCommit#look}
   */
  record Steps(
      Function<ClaimedRun, Uni<Completion>> attempt,
      Function<Completion, Uni<Recorded>> record,
      Function<Completion, Uni<Finding>> resolve) {}

  @Inject
  Worker(
      AttemptAction attempts,
      RecordOutcomes records,
      ResolveCommit commits,
      InFlightRuns inFlightRuns,
      CompletionWaits completions,
      ConcurrencyLimiter limiter,
      WorkListener listener,
      RunMetrics metrics,
      RunTraces traces,
      InstantSource clock) {
    this(
        new Steps(attempts::attempt, records::record, commits::look),
        inFlightRuns,
        completions,
        limiter,
        listener,
        metrics,
        traces,
        clock);
  }

  Worker(
      Steps steps,
      InFlightRuns inFlightRuns,
      CompletionWaits completions,
      ConcurrencyLimiter limiter,
      WorkListener listener,
      RunMetrics metrics,
      RunTraces traces,
      InstantSource clock) {
    this.steps = steps;
    this.inFlightRuns = inFlightRuns;
    this.completions = completions;
    this.limiter = limiter;
    this.listener = listener;
    this.metrics = metrics;
    this.traces = traces;
    this.clock = clock;
  }

  @Override
  public void start(ClaimedRun run, Permit permit) {
    execute(run, permit)
        .onTermination()
        .invoke(permit::close)
        .subscribe()
        .with(
            done -> listener.permitReleased(),
            failure -> {
              LOG.errorf(
                  failure, "run %s: left to its lease, another worker will take it", run.id());
              listener.permitReleased();
            });
  }

  /** Deferred, so that whatever is thrown on the way is a failure of this run and of no other. */
  private Uni<Void> execute(ClaimedRun run, Permit permit) {
    return Uni.createFrom()
        .deferred(
            () -> {
              inFlightRuns.begin(run);
              metrics.started(run);
              return traces.attempting(run, steps.attempt());
            })
        .map(completion -> limiter.isClosed() ? completion.givenBack() : completion)
        .invoke(completion -> attempted(completion, permit))
        .chain(
            completion ->
                record(completion)
                    .chain(recorded -> resolve(completion, recorded))
                    .chain(finding -> proceed(completion, finding, permit)))
        .onFailure()
        .invoke(() -> inFlightRuns.end(run));
  }

  /** Another run need not wait until this one's outcome is on disk. */
  private void attempted(Completion completion, Permit permit) {
    if (!(completion.next() instanceof Next.FireNext)) {
      permit.attempted();
      listener.permitReleased();
    }
  }

  /**
   * What a receiver has been told must be written down, however long the database is away. A run is
   * left to its lease only when the database is there and refuses the completion time and again.
   */
  private Uni<Recorded> record(Completion completion) {
    AtomicInteger refusals = new AtomicInteger();
    Uni<Recorded> recording =
        steps
            .record()
            .apply(completion)
            .onFailure()
            .invoke(
                failure ->
                    LOG.warnf(
                        "run %s: the outcome is not recorded yet (%s), trying again",
                        completion.run().id(), failure.getClass().getSimpleName()))
            .onFailure(
                failure ->
                    !DatabaseFailure.isRefusal(failure)
                        || refusals.incrementAndGet() < MAX_REFUSALS)
            .retry()
            .withBackOff(FIRST_RETRY_DELAY, MAX_RETRY_DELAY)
            .indefinitely();
    return traces.recording(completion, recording);
  }

  private Uni<Finding> resolve(Completion completion, Recorded recorded) {
    return recorded instanceof Recorded.Written written
        ? Uni.createFrom().item(new Finding.Committed(written))
        : steps.resolve().apply(completion);
  }

  private Uni<Void> proceed(Completion completion, Finding finding, Permit permit) {
    if (finding instanceof Finding.ToBeCancelled) {
      Completion cancelled =
          new RunTransition(completion.run(), clock.instant()).cancelled(completion);
      return record(cancelled)
          .chain(recorded -> resolve(cancelled, recorded))
          .chain(found -> proceed(cancelled, found, permit));
    }
    inFlightRuns.end(completion.run());
    if (finding instanceof Finding.Committed found) {
      return written(completion, found.written(), permit);
    }
    metrics.leaseLost();
    LOG.warnf("run %s: the lease was lost; another replica continues it", completion.run().id());
    return Uni.createFrom().voidItem();
  }

  private Uni<Void> written(Completion completion, Recorded.Written written, Permit permit) {
    if (written.released()) {
      listener.runDueIn(Duration.ZERO);
    }
    if (completion.run().claim().limiter() != null) {
      listener.limiterChanged();
    }
    if (completion.next() instanceof Next.FireNext) {
      return fireNext(completion, written, permit);
    }
    Run view = completion.view();
    if (view.isFinished()) {
      metrics.finished(view);
      completions.finished(view);
    }
    if (completion.next() instanceof Next.Later later) {
      listener.runDueIn(later.delay());
    }
    return Uni.createFrom().voidItem();
  }

  private Uni<Void> fireNext(Completion completion, Recorded.Written written, Permit permit) {
    if (!written.claimed()) {
      listener.limiterChanged();
      return Uni.createFrom().voidItem();
    }
    ClaimedRun next =
        completion.run().next(completion.actions(), written.connection(), written.nanos());
    return execute(next, permit);
  }
}
