package io.fastyoke.integrations.http;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.inject.Singleton;
import java.io.IOException;

/**
 * Refuses text that JSON can spell but a database and other receivers cannot hold: NUL, which
 * PostgreSQL has no place for, and half surrogate pairs, which UTF-8 has no form for.
 */
@Singleton
class PlainText {
  private final ObjectMapper json;

  PlainText(ObjectMapper json) {
    this.json = json;
  }

  /**
   * @throws ApiException naming the field
   * @throws IOException when it is not JSON
   */
  void check(byte[] body) throws IOException {
    if (mayHoldOddText(body)) {
      try (JsonParser parser = json.getFactory().createParser(body)) {
        while (parser.nextToken() != null) {
          check(parser);
        }
      }
    }
  }

  /** Whether text has a character that cannot be kept. */
  static boolean isOdd(String text) {
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
    boolean text = token == JsonToken.VALUE_STRING || token == JsonToken.FIELD_NAME;
    if (text && isOdd(parser.getText())) {
      // The name itself may be the odd text: then the object around it is named.
      JsonPointer where = parser.getParsingContext().pathAsPointer();
      JsonPointer named = token == JsonToken.FIELD_NAME ? where.head() : where;
      throw ApiException.invalid(
          JsonProblems.dotted(named), "must not contain NUL or half of a surrogate pair");
    }
  }

  /** Both need an escape to be written, or the byte that begins a surrogate encoded on its own. */
  private static boolean mayHoldOddText(byte[] body) {
    for (int i = 0; i + 1 < body.length; i++) {
      int here = body[i] & 0xff;
      int next = body[i + 1] & 0xff;
      if ((here == '\\' && next == 'u') || (here == 0xed && next >= 0xa0)) {
        return true;
      }
    }
    return false;
  }
}
