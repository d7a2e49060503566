package io.fastyoke.integrations.providers;

import io.fastyoke.integrations.egress.Exchange;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the answer to a fired action means, as the provider's adapter reads it. */
public sealed interface AnswerVerdict {
  /** RFC 9110 and RFC 8470: the receiver says that the same request may succeed later. */
  Set<Integer> RETRYABLE = Set.of(408, 425, 429, 500, 502, 503, 504);

  /** Whether the receiver wants no further request at all, so that the connection is paused. */
  boolean pausesConnection();

  /** The provider took the action. */
  record Accepted(boolean pausesConnection) implements AnswerVerdict {}

  /**
   * The provider did not take the action, or does not say so.
   *
   * @param reason the provider's own words, from the answer's body; null when the status says it
   *     all
   * @param retryable whether the same request may succeed later
   * @param mayHaveActed whether the action may have taken effect all the same: then it is only
   *     repeated when the receiver recognises repetitions or the action allows it
   * @param retryAfter how long the receiver asks to wait, when it says so
   */
  record Rejected(
      @Nullable String reason,
      boolean retryable,
      boolean mayHaveActed,
      @Nullable Duration retryAfter,
      boolean pausesConnection)
      implements AnswerVerdict {

    /** Refused, without an effect, and a repetition would be refused as well. */
    public static Rejected finalRefusal(String reason) {
      return new Rejected(reason, false, false, null, false);
    }

    /** Refused for now, without an effect. */
    public static Rejected temporaryRefusal(String reason, @Nullable Duration retryAfter) {
      return new Rejected(reason, true, false, retryAfter, false);
    }

    /** The same with another wording of the reason. */
    public Rejected withReason(@Nullable String words) {
      return new Rejected(words, retryable, mayHaveActed, retryAfter, pausesConnection);
    }
  }

  /** RFC 9110, section 15.3. */
  static boolean isSuccess(int status) {
    return status >= 200 && status <= 299;
  }

  /**
   * The verdict of HTTP alone: 2xx is a success, and after a 5xx the action may have taken effect.
   *
   * @param retryAfter what the receiver asks for, if anything
   */
  static AnswerVerdict byStatus(Exchange.Answered answer, @Nullable Duration retryAfter) {
    int status = answer.status();
    ReceiverWish wish = ReceiverWish.of(answer);
    if (isSuccess(status)) {
      return new Accepted(wish == ReceiverWish.DISABLE);
    }
    return new Rejected(
        null,
        RETRYABLE.contains(status) && wish == ReceiverWish.NONE,
        status >= 500 && status <= 599,
        retryAfter,
        wish == ReceiverWish.DISABLE);
  }
}
