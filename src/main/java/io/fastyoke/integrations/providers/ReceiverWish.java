package io.fastyoke.integrations.providers;

import io.fastyoke.integrations.egress.Exchange;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * What a receiver says about further deliveries: by the header {@code webhook-delivery} of its
 * answer, a list of words whose parameters and unknown members are ignored, or by 410 Gone.
 */
enum ReceiverWish {
  /** Nothing. */
  NONE,
  /** This message must not be sent again. */
  ABORT_MESSAGE,
  /** Nothing must be sent until the connection is resumed. */
  DISABLE;

  static final String HEADER = "webhook-delivery";
  private static final int GONE = 410;

  static ReceiverWish of(Exchange.Answered answer) {
    List<String> words = words(answer);
    if (answer.status() == GONE || words.contains("disable")) {
      return DISABLE;
    }
    return words.contains("abort-message") ? ABORT_MESSAGE : NONE;
  }

  private static List<String> words(Exchange.Answered answer) {
    return answer.headers().stream()
        .filter(header -> header.getKey().equalsIgnoreCase(HEADER))
        .map(Map.Entry::getValue)
        .flatMap(value -> Arrays.stream(value.split(",", -1)))
        .map(word -> word.replaceFirst(";.*", "").strip().toLowerCase(java.util.Locale.ROOT))
        .toList();
  }
}
