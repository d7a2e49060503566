package io.fastyoke.integrations.http.body;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.JsonToken;
import io.fastyoke.integrations.errors.ApiException;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.CharBuffer;
import java.util.Arrays;

/**
 * Refuses text that is valid JSON but cannot be stored or sent: NUL, which PostgreSQL cannot store,
 * and unpaired surrogates, which UTF-8 cannot encode.
 */
@Singleton
public class UnstorableText {
  private final UnpooledParsers parsers;

  UnstorableText(UnpooledParsers parsers) {
    this.parsers = parsers;
  }

  /**
   * Checks all names and strings of a JSON text.
   *
   * @throws ApiException 400 naming the field
   * @throws IOException when the text is not JSON
   */
  void check(byte[] body, int length) throws IOException {
    if (mayBeUnstorable(body, length)) {
      try (JsonParser parser = parsers.factory().createParser(body, 0, length)) {
        while (parser.nextToken() != null) {
          check(parser);
        }
      }
    }
  }

  /** Whether a text has NUL or an unpaired surrogate. */
  public static boolean isUnstorable(CharSequence text) {
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
    boolean unstorable =
        token == JsonToken.FIELD_NAME
            ? isUnstorable(parser.currentName())
            : token == JsonToken.VALUE_STRING && isUnstorableValue(parser);
    if (unstorable) {
      // A bad name is not repeated in the answer: the object around it is named instead.
      JsonPointer where = parser.getParsingContext().pathAsPointer();
      JsonPointer named = token == JsonToken.FIELD_NAME ? where.head() : where;
      throw ApiException.invalid(
          JsonProblems.dotted(named), "must not contain NUL or half of a surrogate pair");
    }
  }

  /** Reads the parser's own buffer and wipes it, without a String: the value may be a secret. */
  private static boolean isUnstorableValue(JsonParser parser) throws IOException {
    char[] buffer = parser.getTextCharacters();
    int from = parser.getTextOffset();
    int length = parser.getTextLength();
    boolean unstorable = isUnstorable(CharBuffer.wrap(buffer, from, length));
    Arrays.fill(buffer, from, from + length, '\0');
    return unstorable;
  }

  /**
   * A quick look at the bytes: such text needs a Unicode escape, or 0xED and the first byte of an
   * encoded surrogate.
   */
  private static boolean mayBeUnstorable(byte[] body, int length) {
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
