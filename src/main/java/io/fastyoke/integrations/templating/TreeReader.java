package io.fastyoke.integrations.templating;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Reads one JSON text into a tree that keeps what Jackson's own reader normalises or lets pass. */
final class TreeReader {
  private final JsonParser parser;
  private final JsonNodeFactory nodes = JsonNodeFactory.instance;

  TreeReader(JsonParser parser) {
    this.parser = parser;
  }

  /** Reads the whole text; anything after the value but whitespace is refused. */
  JsonNode read() throws IOException {
    JsonNode root = value(parser.nextToken());
    if (parser.nextToken() != null) {
      throw problem("There is more than one JSON value");
    }
    return root;
  }

  /** Reads the value at whose first token the parser stands, and nothing after it. */
  JsonNode current() throws IOException {
    return value(parser.currentToken());
  }

  private JsonNode value(@Nullable JsonToken token) throws IOException {
    if (token == null) {
      throw problem("The JSON is empty");
    }
    return switch (token) {
      case START_OBJECT -> object();
      case START_ARRAY -> array();
      case VALUE_STRING -> nodes.textNode(wellFormed(parser.getText()));
      case VALUE_NUMBER_INT -> integer();
      case VALUE_NUMBER_FLOAT -> written(parser.getText());
      case VALUE_TRUE -> nodes.booleanNode(true);
      case VALUE_FALSE -> nodes.booleanNode(false);
      case VALUE_NULL -> nodes.nullNode();
      default -> throw problem("The JSON is malformed");
    };
  }

  private JsonNode object() throws IOException {
    ObjectNode object = nodes.objectNode();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = wellFormed(parser.currentName());
      if (object.replace(name, value(parser.nextToken())) != null) {
        throw problem("A key is given twice in the same JSON object");
      }
    }
    return object;
  }

  private JsonNode array() throws IOException {
    ArrayNode array = nodes.arrayNode();
    for (JsonToken next = parser.nextToken();
        next != JsonToken.END_ARRAY;
        next = parser.nextToken()) {
      array.add(value(next));
    }
    return array;
  }

  private JsonNode integer() throws IOException {
    return switch (parser.getNumberType()) {
      case INT -> small(parser.getIntValue());
      case LONG -> nodes.numberNode(parser.getLongValue());
      default -> nodes.numberNode(parser.getBigIntegerValue());
    };
  }

  /** Only one zero is written in two characters: -0. */
  private JsonNode small(int value) throws IOException {
    return value == 0 && parser.getTextLength() == 2
        ? written(parser.getText())
        : nodes.numberNode(value);
  }

  private JsonNode written(String text) {
    try {
      return new WrittenNumber(text);
    } catch (NumberFormatException e) {
      throw problem("A number of the JSON has too large an exponent");
    }
  }

  private String wellFormed(String text) {
    if (TemplateText.hasLoneSurrogate(text)) {
      throw problem("A string of the JSON is not valid Unicode");
    }
    return text;
  }

  private MalformedJsonException problem(String what) {
    return at(parser.currentTokenLocation(), what);
  }

  static MalformedJsonException at(@Nullable JsonLocation place, String what) {
    String where =
        place == null || place.getLineNr() < 1
            ? ""
            : " (line " + place.getLineNr() + ", column " + place.getColumnNr() + ")";
    return new MalformedJsonException(what + where + ".");
  }
}
