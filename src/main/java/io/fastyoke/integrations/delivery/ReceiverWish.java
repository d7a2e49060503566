package io.fastyoke.integrations.delivery;

import io.fastyoke.integrations.events.Event.Answer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What a receiver says about further deliveries in the header {@code webhook-delivery} of its
 * answer. A list of words, whose parameters and unknown ones are passed over.
 */
final class ReceiverWish {
  static final String HEADER = "webhook-delivery";
  private static final int GONE = 410;

  private ReceiverWish() {}

  /** Whether this message shall not be sent again. */
  static boolean isNoMore(Answer answer) {
    return says(answer, "abort-message") || says(answer, "disable");
  }

  /** Whether nothing shall be sent any more until somebody resumes the connection. */
  static boolean isDisable(@Nullable Answer answer) {
    return answer != null && (answer.status() == GONE || says(answer, "disable"));
  }

  private static boolean says(Answer answer, String word) {
    String said = answer.headers().getOrDefault(HEADER, "");
    return Arrays.stream(said.split(",", -1))
        .map(element -> element.replaceFirst(";.*", "").strip()) // parameters say nothing here
        .anyMatch(word::equalsIgnoreCase);
  }
}
