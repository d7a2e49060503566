package io.fastyoke.integrations.delivery;

import io.fastyoke.integrations.delivery.ActionOutcome.Delivered;
import io.fastyoke.integrations.delivery.ActionOutcome.NoToken;
import io.fastyoke.integrations.delivery.ActionOutcome.NotReached;
import io.fastyoke.integrations.delivery.ActionOutcome.NotTried;
import io.fastyoke.integrations.delivery.ActionOutcome.Refused;
import io.fastyoke.integrations.delivery.ActionOutcome.Unanswered;
import io.fastyoke.integrations.errors.FailureCode;
import io.fastyoke.integrations.events.Event.Failure;
import io.fastyoke.integrations.plan.RetryOptions;
import io.fastyoke.integrations.providers.AnswerVerdict.Rejected;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Decides what becomes of an action after an attempt. Pure: the same arguments always give the same
 * decision.
 *
 * @param retry what the action asked for, if anything
 * @param attempt the attempt that has just ended, from 1
 * @param receiverDeduplicates whether a repetition is recognised by its delivery id
 * @param jitter uniform in [0, 1)
 */
public record RetryPolicy(
    @Nullable RetryOptions retry, int attempt, boolean receiverDeduplicates, double jitter) {
  public static final int MAX_ATTEMPTS = 10;
  static final long DEFAULT_BACKOFF_MS = 1_000;
  public static final long MAX_BACKOFF_MS = 3_600_000;

  /** Bounds the attempts of a run that ends its process every time. */
  private static final int MAX_RECOVERIES = 5;

  /** What becomes of an action. */
  sealed interface Decision {
    /** It succeeded. */
    record Success() implements Decision {}

    /** It failed for good. */
    record GiveUp(Failure failure) implements Decision {}

    /** It is tried again after the delay. */
    record TryAgain(Failure failure, Duration delay) implements Decision {}
  }

  public Decision decide(ActionOutcome outcome) {
    if (outcome instanceof Delivered) {
      return new Decision.Success();
    }
    if (outcome instanceof NotTried notTried) {
      return new Decision.GiveUp(notTried.failure());
    }
    if (outcome instanceof NotReached notReached) {
      return again(!notReached.lasting(), notReached.failure(), null);
    }
    if (outcome instanceof NoToken noToken) {
      return again(noToken.repeatable(), noToken.failure(), noToken.retryAfter());
    }
    if (outcome instanceof Unanswered unanswered) {
      return again(mayRepeat(), unknownUnlessSafe(unanswered.failure()), null);
    }
    if (outcome instanceof Refused refused) {
      return afterAnswer(refused);
    }
    return afterCrash();
  }

  private Decision afterAnswer(Refused refused) {
    Rejected verdict = refused.verdict();
    Failure failure = refused.failure();
    return again(
        verdict.retryable() && (!verdict.mayHaveActed() || mayRepeat()),
        verdict.mayHaveActed() ? unknownUnlessSafe(failure) : failure,
        verdict.retryAfter());
  }

  /** A crash is no fault of the receiver: it does not use up the attempts that the action has. */
  private Decision afterCrash() {
    Failure failure =
        new Failure(
            FailureCode.OUTCOME_UNKNOWN,
            "The service was interrupted during this attempt; the request may have been sent.");
    return mayRepeat() && attempt < maxAttempts() + MAX_RECOVERIES
        ? new Decision.TryAgain(failure, Duration.ZERO)
        : new Decision.GiveUp(failure);
  }

  private Decision again(boolean safe, Failure failure, @Nullable Duration asked) {
    return safe && attempt < maxAttempts()
        ? new Decision.TryAgain(failure, asked == null ? backoff() : clamp(asked))
        : new Decision.GiveUp(failure);
  }

  private boolean mayRepeat() {
    return receiverDeduplicates || (retry != null && "retry".equals(retry.onUnknown()));
  }

  private Failure unknownUnlessSafe(Failure failure) {
    return receiverDeduplicates
        ? failure
        : new Failure(
            FailureCode.OUTCOME_UNKNOWN,
            failure.message()
                + " The provider may have acted on it, and cannot recognise a repetition.");
  }

  private int maxAttempts() {
    return retry == null || retry.maxAttempts() == null ? 1 : retry.maxAttempts();
  }

  private long maxBackoffMs() {
    return retry == null || retry.maxBackoffMs() == null ? MAX_BACKOFF_MS : retry.maxBackoffMs();
  }

  /** Exponential with full jitter, which spreads many retries evenly over the interval. */
  private Duration backoff() {
    long first =
        retry == null || retry.backoffMs() == null ? DEFAULT_BACKOFF_MS : retry.backoffMs();
    long ceiling =
        Math.min(maxBackoffMs(), first << Math.min(attempt - 1, MAX_ATTEMPTS + MAX_RECOVERIES));
    return Duration.ofMillis(Math.round(jitter * (double) ceiling));
  }

  private Duration clamp(Duration asked) {
    return Duration.ofMillis(Math.max(0, Math.min(maxBackoffMs(), asked.toMillis())));
  }
}
