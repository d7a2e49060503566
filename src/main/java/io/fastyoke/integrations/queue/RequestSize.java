package io.fastyoke.integrations.queue;

/**
 * What a run's request counts for in memory, in characters. Small requests are bounded by the
 * number of attempts in flight and count for nothing.
 */
public final class RequestSize {
  /** In characters. So many of the largest small ones fit as there are permits. */
  public static final int LARGE = 8 * 1024;

  /** An object or an array takes as much as this many characters, however little is in it. */
  private static final int BRACKET = 5;

  /** SQL: what a row {@code r} of {@code action_runs} counts for. */
  static final String SQL =
      "CASE WHEN octet_length(r.request) > %1$d THEN octet_length(r.request) ELSE 0 END"
          .formatted(LARGE);

  /**
   * What a character of JSON takes on the heap once it is read; of text it is less, of brackets
   * more.
   */
  private static final int HEAP_PER_CHARACTER = 16;

  private static final int PART_OF_HEAP = 6;

  private RequestSize() {}

  /** Characters of requests that a part of this process's heap has room for. */
  public static long heapCapacity() {
    return Runtime.getRuntime().maxMemory() / PART_OF_HEAP / HEAP_PER_CHARACTER;
  }

  /** What a request counts for. */
  public static int of(String request) {
    int size = request.length();
    for (int i = 0; i < request.length(); i++) {
      char character = request.charAt(i);
      size += character == '{' || character == '[' ? BRACKET : 0;
    }
    return size;
  }
}
