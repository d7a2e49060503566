package io.fastyoke.integrations.delivery;

import java.util.Set;

/**
 * Headers of answers that help to find out what happened, and carry no credentials. A provider may
 * add some.
 */
public final class KeptHeaders {
  private static final Set<String> NAMES =
      Set.of(
          "content-type",
          "content-length",
          "date",
          "location",
          "retry-after",
          "server",
          "x-request-id",
          "x-ratelimit-limit",
          "x-ratelimit-remaining",
          "x-ratelimit-reset",
          ResponseClassifier.WISH_HEADER);

  private KeptHeaders() {}

  /**
   * Whether every provider's answers keep it.
   *
   * @param name in lower case
   */
  public static boolean include(String name) {
    return NAMES.contains(name);
  }
}
