package io.fastyoke.integrations.http;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.JsonToken;
import io.fastyoke.integrations.errors.ApiException;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.CharBuffer;
import java.util.Arrays;

/**
 * Refuses text that JSON can spell but a database and other receivers cannot hold: NUL, which
 * PostgreSQL has no place for, and half surrogate pairs, which UTF-8 has no form for.
 */
@Singleton
class UnstorableText {
  private final UnsharedBuffers buffers;

  UnstorableText(UnsharedBuffers buffers) {
    this.buffers = buffers;
  }

  /**
   * @throws ApiException naming the field
   * @throws IOException when it is not JSON
   */
  void check(byte[] body, int length) throws IOException {
    if (mayHoldOddText(body, length)) {
      try (JsonParser parser = buffers.parsers().createParser(body, 0, length)) {
        while (parser.nextToken() != null) {
          check(parser);
        }
      }
    }
  }

  /** Whether text has a character that cannot be kept. */
  static boolean isOdd(CharSequence text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isHighSurrogate(c) && i + 1 < text.length()) {
        if (!Character.isLowSurrogate(text.charAt(++i))) {
          return true;
        }
      } else if (c == 0 || Character.isSurrogate(c)) {
        return true;
      }
    }
    return false;
  }

  private static void check(JsonParser parser) throws IOException {
    JsonToken token = parser.currentToken();
    boolean odd =
        token == JsonToken.FIELD_NAME
            ? isOdd(parser.currentName())
            : token == JsonToken.VALUE_STRING && isOddValue(parser);
    if (odd) {
      // The name itself may be the odd text: then the object around it is named.
      JsonPointer where = parser.getParsingContext().pathAsPointer();
      JsonPointer named = token == JsonToken.FIELD_NAME ? where.head() : where;
      throw ApiException.invalid(
          JsonProblems.dotted(named), "must not contain NUL or half of a surrogate pair");
    }
  }

  /** In the parser's own characters, for it may be a secret. */
  private static boolean isOddValue(JsonParser parser) throws IOException {
    char[] buffer = parser.getTextCharacters();
    int from = parser.getTextOffset();
    int length = parser.getTextLength();
    boolean odd = isOdd(CharBuffer.wrap(buffer, from, length));
    Arrays.fill(buffer, from, from + length, '\0');
    return odd;
  }

  /** Both need an escape to be written, or the byte that begins a surrogate encoded on its own. */
  private static boolean mayHoldOddText(byte[] body, int length) {
    for (int i = 0; i + 1 < length; i++) {
      int here = body[i] & 0xff;
      int next = body[i + 1] & 0xff;
      if ((here == '\\' && next == 'u') || (here == 0xed && next >= 0xa0)) {
        return true;
      }
    }
    return false;
  }
}
