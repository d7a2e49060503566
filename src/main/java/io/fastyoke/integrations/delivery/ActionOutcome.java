package io.fastyoke.integrations.delivery;

import io.fastyoke.integrations.events.Event.Answer;
import io.fastyoke.integrations.events.Event.Failure;
import io.fastyoke.integrations.events.Event.RequestLine;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How one attempt at an action ended, sorted by what may happen next. */
public sealed interface ActionOutcome {

  /** What was sent, or would have been; null when it did not come to that. */
  default @Nullable RequestLine sent() {
    return null;
  }

  /** What came back, if anything did. */
  default @Nullable Answer answer() {
    return null;
  }

  /** Wall time of the attempt in milliseconds, if there was one. */
  default @Nullable Integer durationMs() {
    return null;
  }

  /** Answered with 2xx. */
  record Delivered(RequestLine sent, Answer answer, Integer durationMs) implements ActionOutcome {}

  /**
   * Answered with anything else.
   *
   * @param retryAfter when the receiver wants to be asked again, if it said so
   */
  record Refused(RequestLine sent, Answer answer, Integer durationMs, @Nullable Duration retryAfter)
      implements ActionOutcome {}

  /**
   * No connection was made: the receiver knows nothing of it, so repeating it is safe.
   *
   * @param lasting whether repeating it is of no use
   */
  record NotReached(RequestLine sent, Failure failure, Integer durationMs, boolean lasting)
      implements ActionOutcome {}

  /** Written, wholly or in part, and not answered: the receiver may have acted on it. */
  record Unanswered(RequestLine sent, Failure failure, Integer durationMs)
      implements ActionOutcome {}

  /** The process that sent it, or was about to, ended before it could say. */
  record Interrupted() implements ActionOutcome {}

  /** Nothing was tried, so nothing is charged, and trying again would not help. */
  record NotTried(Failure failure, @Nullable RequestLine sent) implements ActionOutcome {}
}
