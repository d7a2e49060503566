package io.fastyoke.integrations.delivery;

import io.fastyoke.integrations.delivery.ActionOutcome.Delivered;
import io.fastyoke.integrations.delivery.ActionOutcome.NotReached;
import io.fastyoke.integrations.delivery.ActionOutcome.NotTried;
import io.fastyoke.integrations.delivery.ActionOutcome.Refused;
import io.fastyoke.integrations.delivery.ActionOutcome.Unanswered;
import io.fastyoke.integrations.events.Event.Answer;
import io.fastyoke.integrations.events.Event.Failure;
import io.fastyoke.integrations.plan.RetryOptions;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Decides what becomes of an action after an attempt. Pure: the same arguments always give the same
 * decision.
 *
 * @param retry what the action asked for, if anything
 * @param attempt the attempt that has just ended, from 1
 * @param receiverDeduplicates whether a repetition is recognised by its delivery id
 * @param luck uniform in [0, 1): the jitter
 */
public record RetryPolicy(
    @Nullable RetryOptions retry, int attempt, boolean receiverDeduplicates, double luck) {
  public static final int MOST_ATTEMPTS = 10;
  static final long DEFAULT_BACKOFF_MS = 1_000;
  public static final long LONGEST_BACKOFF_MS = 3_600_000;

  /** A run that takes its process down every time must end some day. */
  private static final int MOST_RECOVERIES = 5;

  /** RFC 9110 and RFC 8470: the receiver says that the same request may succeed later. */
  private static final Set<Integer> TRANSIENT = Set.of(408, 425, 429, 500, 502, 503, 504);

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
    if (outcome instanceof Unanswered unanswered) {
      return again(mayRepeat(), unknownUnlessSafe(unanswered.failure()), null);
    }
    if (outcome instanceof Refused refused) {
      return afterAnswer(refused);
    }
    return afterCrash();
  }

  private Decision afterAnswer(Refused refused) {
    Answer answer = refused.answer();
    boolean maybeDone = answer.status() >= 500 && answer.status() <= 599;
    Failure failure = new Failure("http_status", "The receiver answered " + answer.status() + ".");
    if (maybeDone) {
      failure = unknownUnlessSafe(failure);
    }
    return again(
        TRANSIENT.contains(answer.status())
            && (!maybeDone || mayRepeat())
            && !ReceiverWish.isNoMore(answer),
        failure,
        refused.retryAfter());
  }

  /** Not the receiver's fault, so it does not use up the attempts that the action asked for. */
  private Decision afterCrash() {
    Failure failure =
        new Failure(
            "outcome_unknown",
            "The service was interrupted during this attempt; the request may have been sent.");
    return mayRepeat() && attempt < maxAttempts() + MOST_RECOVERIES
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
            "outcome_unknown",
            failure.message()
                + " The provider may have acted on it, and cannot recognise a repetition.");
  }

  private int maxAttempts() {
    return retry == null || retry.maxAttempts() == null ? 1 : retry.maxAttempts();
  }

  private long longest() {
    return retry == null || retry.maxBackoffMs() == null
        ? LONGEST_BACKOFF_MS
        : retry.maxBackoffMs();
  }

  /** Exponential with full jitter: spreads a crowd of retries evenly over the whole interval. */
  private Duration backoff() {
    long first =
        retry == null || retry.backoffMs() == null ? DEFAULT_BACKOFF_MS : retry.backoffMs();
    long ceiling =
        Math.min(longest(), first << Math.min(attempt - 1, MOST_ATTEMPTS + MOST_RECOVERIES));
    return Duration.ofMillis(Math.round(luck * (double) ceiling));
  }

  private Duration clamp(Duration asked) {
    return Duration.ofMillis(Math.max(0, Math.min(longest(), asked.toMillis())));
  }
}
