package io.fastyoke.integrations.plan;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import io.fastyoke.integrations.templating.Json;
import io.fastyoke.integrations.templating.MalformedJsonException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the values of stored JSON strictly: nothing is converted. Every method reads the value at
 * whose first token the parser stands, and leaves it at its last.
 */
final class StoredParser {
  private final JsonParser parser;

  StoredParser(JsonParser parser) {
    this.parser = parser;
  }

  /** Reads one value. */
  interface Value<T> {
    T read() throws IOException;
  }

  /** Takes the value of a field. */
  interface FieldReader {
    /** Returns false for a field that it does not know, of which it must not have read anything. */
    boolean take(String name) throws IOException;
  }

  /** Hands each field to a method that reads its value; what that does not know is passed over. */
  void object(FieldReader field) throws IOException {
    expect(JsonToken.START_OBJECT);
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      parser.nextToken();
      if (!field.take(name)) {
        parser.skipChildren();
      }
    }
  }

  <T> List<T> list(Value<T> element) throws IOException {
    expect(JsonToken.START_ARRAY);
    List<T> elements = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      elements.add(element.read());
    }
    return elements;
  }

  /** Null for a null, else what the method reads. */
  <T> @Nullable T orNull(Value<T> value) throws IOException {
    return parser.currentToken() == JsonToken.VALUE_NULL ? null : value.read();
  }

  String text() throws IOException {
    expect(JsonToken.VALUE_STRING);
    return parser.getText();
  }

  int integer() throws IOException {
    expect(JsonToken.VALUE_NUMBER_INT);
    return parser.getIntValue();
  }

  long longInteger() throws IOException {
    expect(JsonToken.VALUE_NUMBER_INT);
    return parser.getLongValue();
  }

  boolean flag() throws IOException {
    if (parser.currentToken() == JsonToken.VALUE_TRUE) {
      return true;
    }
    expect(JsonToken.VALUE_FALSE);
    return false;
  }

  /** With every number as it was written. A null is one. */
  JsonNode node() throws IOException {
    try {
      return Json.read(parser);
    } catch (MalformedJsonException e) {
      throw RunCodec.misshapen();
    }
  }

  /** A value that must have been there. */
  static <T> T required(@Nullable T value) {
    if (value == null) {
      throw RunCodec.misshapen();
    }
    return value;
  }

  private void expect(JsonToken token) {
    if (parser.currentToken() != token) {
      throw RunCodec.misshapen();
    }
  }
}
