package io.fastyoke.integrations.delivery;

import io.fastyoke.integrations.errors.FailureCode;
import io.fastyoke.integrations.events.Event.Answer;
import io.fastyoke.integrations.events.Event.Failure;
import io.fastyoke.integrations.events.Event.RequestLine;
import io.fastyoke.integrations.providers.AnswerVerdict;
import io.fastyoke.integrations.providers.AnswerVerdict.Rejected;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How one attempt at an action ended, sorted by what may happen next. */
public sealed interface ActionOutcome {

  /** What was sent, or would have been; null when no request was built. */
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

  /** Whether the receiver wants no further request, so that the connection is paused. */
  default boolean pausesConnection() {
    return false;
  }

  /** Answered, and the provider took the action. */
  record Delivered(RequestLine sent, Answer answer, Integer durationMs, boolean pausesConnection)
      implements ActionOutcome {}

  /**
   * Answered, and the provider did not take the action.
   *
   * @param verdict with a reason that is free of secrets
   * @param note what besides may explain it; null for nothing
   */
  record Refused(
      RequestLine sent, Answer answer, Integer durationMs, Rejected verdict, @Nullable String note)
      implements ActionOutcome {

    /** Without a note. */
    public Refused(RequestLine sent, Answer answer, Integer durationMs, Rejected verdict) {
      this(sent, answer, durationMs, verdict, null);
    }

    @Override
    public boolean pausesConnection() {
      return verdict.pausesConnection();
    }

    /** What to tell the tenant: the status, and the provider's reason if there is one. */
    Failure failure() {
      boolean byStatus = !AnswerVerdict.isSuccess(answer.status());
      String said = "The receiver answered " + answer.status();
      String reason = verdict.reason();
      String message = reason == null ? said + "." : said + " and refused the action: " + reason;
      return new Failure(
          byStatus ? FailureCode.HTTP_STATUS : FailureCode.PROVIDER_REFUSED,
          note == null ? message : message + " " + note);
    }
  }

  /**
   * No connection was made: the receiver knows nothing of it, so repeating it is safe.
   *
   * @param lasting whether repeating it is of no use
   */
  record NotReached(RequestLine sent, Failure failure, Integer durationMs, boolean lasting)
      implements ActionOutcome {}

  /**
   * There was no access token, so the receiver was not asked, or has refused the token before with
   * 401: it did nothing. Not charged.
   *
   * @param repeatable whether a token may be granted later
   * @param retryAfter how long the token endpoint asks to wait, when it says so
   */
  record NoToken(
      RequestLine sent,
      Failure failure,
      Integer durationMs,
      boolean repeatable,
      @Nullable Duration retryAfter)
      implements ActionOutcome {}

  /** Written, wholly or in part, and not answered: the receiver may have acted on it. */
  record Unanswered(RequestLine sent, Failure failure, Integer durationMs)
      implements ActionOutcome {}

  /** The process that sent it, or was about to, ended before it could say. */
  record Interrupted() implements ActionOutcome {}

  /** Nothing was tried, so nothing is charged, and trying again would not help. */
  record NotTried(Failure failure, @Nullable RequestLine sent) implements ActionOutcome {}
}
