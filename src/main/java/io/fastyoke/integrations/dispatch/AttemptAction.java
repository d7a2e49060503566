package io.fastyoke.integrations.dispatch;

import io.fastyoke.integrations.connections.SealedConnection;
import io.fastyoke.integrations.delivery.ActionExecutor;
import io.fastyoke.integrations.delivery.ActionOutcome;
import io.fastyoke.integrations.delivery.RetryPolicy;
import io.fastyoke.integrations.delivery.RunTransition;
import io.fastyoke.integrations.errors.FailureCode;
import io.fastyoke.integrations.events.Event.Failure;
import io.fastyoke.integrations.providers.ProviderClient;
import io.fastyoke.integrations.providers.ProviderRegistry;
import io.fastyoke.integrations.queue.ClaimedRun;
import io.fastyoke.integrations.queue.Completion;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Attempts the current action of a claimed run, or finds that it must not be attempted, and decides
 * what to write then.
 */
@ApplicationScoped
class AttemptAction {
  /** What the attempts of one action add to the token, with something to spare for outages. */
  static final int MAX_TOKENS_PER_ACTION = 100;

  /** After a run was given back for want of time: a process that was halted recovers first. */
  static final Duration NO_TIME_DELAY = Duration.ofSeconds(1);

  private static final Failure NO_TIME =
      new Failure(
          FailureCode.UNREACHABLE,
          "Not sent: the service could not start this attempt within its lease, repeatedly.");

  private static final Failure UNREADABLE =
      new Failure(
          FailureCode.UNREADABLE_RUN,
          "What is stored of this run cannot be read by this version; nothing was sent.");

  private final Function<ClaimedRun, Uni<@Nullable ActionOutcome>> executor;
  private final Predicate<String> deduplicates;
  private final ConcurrencyLimiter limiter;
  private final RunMetrics metrics;
  private final AttemptLog log;
  private final InstantSource clock;

  @Inject
  AttemptAction(
      ActionExecutor executor,
      ProviderRegistry providers,
      ConcurrencyLimiter limiter,
      RunMetrics metrics,
      AttemptLog log,
      InstantSource clock) {
    this(
        executor::attempt,
        provider ->
            providers.find(provider).map(ProviderClient::receiverDeduplicates).orElse(false),
        limiter,
        metrics,
        log,
        clock);
  }

  /**
   * @param executor see {@link ActionExecutor#attempt}
   * @param deduplicates whether the receivers of a provider recognise a repeated delivery
   */
  AttemptAction(
      Function<ClaimedRun, Uni<@Nullable ActionOutcome>> executor,
      Predicate<String> deduplicates,
      ConcurrencyLimiter limiter,
      RunMetrics metrics,
      AttemptLog log,
      InstantSource clock) {
    this.executor = executor;
    this.deduplicates = deduplicates;
    this.limiter = limiter;
    this.metrics = metrics;
    this.log = log;
    this.clock = clock;
  }

  Uni<Completion> attempt(ClaimedRun run) {
    if (run.current().cancelRequested() && !run.current().interrupted()) {
      return Uni.createFrom().item(() -> transition(run).cancel());
    }
    if (run.current().interrupted()) {
      return Uni.createFrom().item(() -> decide(run, new ActionOutcome.Interrupted()));
    }
    if (!run.stored().readable()) {
      return Uni.createFrom().item(() -> decide(run, new ActionOutcome.NotTried(UNREADABLE, null)));
    }
    if (limiter.isClosed()) {
      return Uni.createFrom().item(() -> transition(run).handBack(Duration.ZERO));
    }
    return executor.apply(run).map(outcome -> outcome == null ? noTime(run) : decide(run, outcome));
  }

  /**
   * There was no time left to send anything. The token grows each time a run is given back, and so
   * tells a run that gets nowhere from one that has come far.
   */
  private Completion noTime(ClaimedRun run) {
    return run.claim().leaseToken() < MAX_TOKENS_PER_ACTION * (run.index() + 2L)
        ? transition(run).handBack(NO_TIME_DELAY)
        : decide(run, new ActionOutcome.NotTried(NO_TIME, null));
  }

  private Completion decide(ClaimedRun run, ActionOutcome outcome) {
    metrics.attempt(run, outcome);
    RetryPolicy policy =
        new RetryPolicy(
            run.action().retry(),
            run.attempt(),
            receiverDeduplicates(run),
            ThreadLocalRandom.current().nextDouble());
    Completion completion = transition(run).after(outcome, policy.decide(outcome));
    log.attempted(completion);
    return completion;
  }

  private RunTransition transition(ClaimedRun run) {
    return new RunTransition(run, clock.instant());
  }

  private boolean receiverDeduplicates(ClaimedRun run) {
    SealedConnection connection = run.connection();
    return connection != null && deduplicates.test(connection.provider());
  }
}
