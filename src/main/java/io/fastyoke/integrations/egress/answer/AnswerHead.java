package io.fastyoke.integrations.egress.answer;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Parses the head of an answer as it arrives: the status line and the headers. Tolerates the
 * deviations that RFC 9112 lets a client tolerate, and records them ({@link #irregular}).
 */
public final class AnswerHead {
  static final int MAX_BYTES = 64 * 1024;

  /** RFC 9112, section 4: any white space may separate the words. */
  private static final Pattern STATUS_LINE =
      Pattern.compile(
          "[ \\t\\x0B\\f\\r]*HTTP/1\\.([0-9])[ \\t\\x0B\\f\\r]+([1-9][0-9]{2})(?:[ \\t\\x0B\\f\\r].*)?",
          Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

  private static final String TOKEN_SIGNS = "!#$%&'*+-.^_`|~";

  private final Lines lines = new Lines(MAX_BYTES);
  private final HttpHeaders headers =
      DefaultHttpHeadersFactory.headersFactory().withValidation(false).newHeaders();
  private int status;
  private boolean oldVersion;
  private boolean irregular;
  private @Nullable String name;
  private final StringBuilder value = new StringBuilder();

  /**
   * Consumes bytes up to the end of the head.
   *
   * @return whether the head is complete
   * @throws Unreadable if this is no HTTP/1 answer, or its head is longer than {@value #MAX_BYTES}
   *     bytes
   */
  public boolean take(ByteBuf in) throws Unreadable {
    for (String line = lines.next(in); line != null; line = lines.next(in)) {
      if (status == 0) {
        begin(line);
      } else if (line.isEmpty()) {
        finishField();
        return true;
      } else {
        header(line);
      }
    }
    return false;
  }

  /** 0 until the status line has arrived. */
  public int status() {
    return status;
  }

  /** The headers that have arrived. */
  HttpHeaders headers() {
    finishField();
    return headers;
  }

  /** Whether it is HTTP/1.0, where connections end unless a header keeps them alive. */
  boolean oldVersion() {
    return oldVersion;
  }

  /** Whether a deviation was tolerated; the connection must then not be reused. */
  boolean irregular() {
    return irregular || lines.hasIrregularEnds();
  }

  /** Empty lines before an answer may be the rest of an earlier body. */
  private void begin(String line) throws Unreadable {
    if (line.isEmpty()) {
      irregular = true;
      return;
    }
    Matcher parts = STATUS_LINE.matcher(line);
    if (!parts.matches()) {
      throw new Unreadable("no status line");
    }
    irregular |= !line.startsWith("HTTP/1.");
    oldVersion = parts.group(1).equals("0");
    status = Integer.parseInt(parts.group(2));
  }

  private void header(String line) {
    if (line.charAt(0) == ' ' || line.charAt(0) == '\t') {
      continueField(line);
      return;
    }
    finishField();
    int colon = line.indexOf(':');
    String before = colon < 0 ? "" : line.substring(0, colon).stripTrailing();
    irregular |= before.length() != colon;
    if (isToken(before)) {
      name = before;
      value.append(clean(line.substring(colon + 1)));
    } else {
      irregular = true; // skips a line that is no header, with its continuation lines
    }
  }

  /** RFC 9112, section 5.2: a line that begins with white space continues the one before. */
  private void continueField(String line) {
    irregular = true;
    if (name != null) {
      value.append(' ').append(clean(line));
    }
  }

  private void finishField() {
    if (name != null) {
      headers.add(name, trimmed(value));
    }
    name = null;
    value.setLength(0);
  }

  /** RFC 9110, section 5.5: characters that a value may not contain become spaces. */
  private String clean(String text) {
    StringBuilder kept = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean control = (c < 0x20 && c != '\t') || c == 0x7f;
      irregular |= control;
      kept.append(control ? ' ' : c);
    }
    return trimmed(kept);
  }

  private static String trimmed(CharSequence text) {
    int start = 0;
    int end = text.length();
    while (start < end && isBlank(text.charAt(start))) {
      start++;
    }
    while (end > start && isBlank(text.charAt(end - 1))) {
      end--;
    }
    return text.subSequence(start, end).toString();
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\t';
  }

  private static boolean isToken(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean letterOrDigit =
          (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
      if (!letterOrDigit && TOKEN_SIGNS.indexOf(c) < 0) {
        return false;
      }
    }
    return !text.isEmpty();
  }
}
