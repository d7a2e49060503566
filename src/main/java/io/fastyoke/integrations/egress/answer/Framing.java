package io.fastyoke.integrations.egress.answer;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * How the end of an answer's body is found (RFC 9112, section 6.3).
 *
 * @param kind what marks the end
 * @param length of the body in bytes, for {@link Kind#LENGTH}
 * @param regular whether the headers are unambiguous
 */
record Framing(Kind kind, long length, boolean regular) {
  /** What marks the end of a body. */
  enum Kind {
    /** There is no body. */
    NONE,
    /** {@code Content-Length}. */
    LENGTH,
    /** The last chunk. */
    CHUNKED,
    /** The end of the connection. */
    CONNECTION,
    /** Nothing reliable. */
    UNKNOWN
  }

  private static final int NO_CONTENT = 204;
  private static final int NOT_MODIFIED = 304;

  /** A longer number is larger than any body that is read. */
  private static final int MAX_DIGITS = 18;

  /** The framing of an answer to a request that was neither HEAD nor CONNECT. */
  static Framing of(AnswerHead head) {
    HttpHeaders headers = head.headers();
    if (head.status() == NO_CONTENT || head.status() == NOT_MODIFIED) {
      return new Framing(Kind.NONE, 0, true);
    }
    List<String> codings =
        listed(headers, HttpHeaderNames.TRANSFER_ENCODING).stream()
            .map(coding -> coding.toLowerCase(Locale.ROOT))
            .filter(coding -> !coding.equals("identity"))
            .toList();
    if (codings.isEmpty()) {
      boolean named = headers.contains(HttpHeaderNames.TRANSFER_ENCODING);
      return byLength(listed(headers, HttpHeaderNames.CONTENT_LENGTH), !named);
    }
    boolean single =
        codings.size() == 1
            && !head.oldVersion()
            && !headers.contains(HttpHeaderNames.CONTENT_LENGTH);
    return codings.get(codings.size() - 1).equals("chunked")
        ? new Framing(Kind.CHUNKED, 0, single)
        : new Framing(Kind.CONNECTION, 0, false);
  }

  /** RFC 9110, section 8.6: the same length may be given more than once. */
  private static Framing byLength(List<String> lengths, boolean regular) {
    if (lengths.isEmpty()) {
      return new Framing(Kind.CONNECTION, 0, regular);
    }
    if (lengths.stream().distinct().count() > 1 || !isNumber(lengths.get(0))) {
      return new Framing(Kind.UNKNOWN, 0, false);
    }
    String digits = lengths.get(0);
    long length = digits.length() > MAX_DIGITS ? Long.MAX_VALUE : Long.parseLong(digits);
    return new Framing(
        length == 0 ? Kind.NONE : Kind.LENGTH, length, regular && lengths.size() == 1);
  }

  private static boolean isNumber(String text) {
    return !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  /** The elements of a header that is a list (RFC 9110, section 5.6.1). */
  static List<String> listed(HttpHeaders headers, CharSequence name) {
    return headers.getAll(name).stream()
        .flatMap(value -> Arrays.stream(value.split(",", -1)))
        .map(String::strip)
        .filter(element -> !element.isEmpty())
        .toList();
  }
}
