package io.fastyoke.integrations.templating;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Reads and writes JSON that has to survive untouched: payload templates and the variables that go
 * into them.
 *
 * <p>Numbers are written back as they were read ({@code 1.10}, {@code -0.0}, {@code
 * 12345678901234567890}, {@code 1e400}), the order of keys stays, and what a receiver could read in
 * two ways is refused: duplicate keys, invalid UTF-8, unpaired surrogates (RFC 8259, sections 4 and
 * 8). Refused as well are more than {@value #MAX_DEPTH} levels, numbers over {@value
 * #MAX_NUMBER_LENGTH} characters or with an exponent beyond 32 bits, names over {@value
 * #MAX_NAME_LENGTH} and strings over {@value #MAX_STRING_LENGTH} characters. The length of a whole
 * text is bounded where it is read from the network.
 */
public final class Json {
  /** Levels of arrays and objects. */
  public static final int MAX_DEPTH = 64;

  static final int MAX_NUMBER_LENGTH = 1_000;
  static final int MAX_NAME_LENGTH = 4_096;
  static final int MAX_STRING_LENGTH = 8 * 1024 * 1024;

  // Names are the tenants': kept out of the table that Jackson shares between parsers.
  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
                  .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                  .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(MAX_DEPTH)
                          .maxNumberLength(MAX_NUMBER_LENGTH)
                          .maxNameLength(MAX_NAME_LENGTH)
                          .maxStringLength(MAX_STRING_LENGTH)
                          .build())
                  .build())
          .build();

  private Json() {}

  /**
   * Reads one JSON value.
   *
   * @throws MalformedJsonException if the text is not JSON or beyond the limits
   */
  public static JsonNode parse(String text) {
    try (JsonParser parser = MAPPER.createParser(text)) {
      return new TreeReader(parser).read();
    } catch (StreamConstraintsException e) {
      throw TreeReader.at(e.getLocation(), "The JSON is nested too deep or a part of it too long");
    } catch (JsonProcessingException e) {
      throw TreeReader.at(e.getLocation(), "The JSON is malformed");
    } catch (IOException e) {
      throw new MalformedJsonException("The JSON is malformed.");
    }
  }

  /**
   * Reads one JSON value from UTF-8.
   *
   * @throws MalformedJsonException if the bytes are not UTF-8, not JSON or beyond the limits
   */
  public static JsonNode parse(byte[] utf8) {
    try {
      return parse(StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString());
    } catch (CharacterCodingException e) {
      throw new MalformedJsonException("The JSON is not valid UTF-8.");
    }
  }

  /**
   * Whether a text is one array, or one object or more one after the other, at least to a reader
   * that takes line breaks in strings and a comma too many.
   */
  static boolean isArrayOrObjects(String text) {
    try (JsonParser parser = MAPPER.createParser(text)) {
      parser.enable(JsonReadFeature.ALLOW_UNESCAPED_CONTROL_CHARS.mappedFeature());
      parser.enable(JsonReadFeature.ALLOW_TRAILING_COMMA.mappedFeature());
      JsonToken next = parser.nextToken();
      if (next == JsonToken.START_ARRAY) {
        parser.skipChildren();
        return parser.nextToken() == null;
      }
      while (next == JsonToken.START_OBJECT) {
        parser.skipChildren();
        next = parser.nextToken();
      }
      return next == null;
    } catch (IOException e) {
      return false;
    }
  }

  /** A text as it stands between the quotes of a JSON string. */
  static String escaped(String text) {
    String quoted = write(JsonNodeFactory.instance.textNode(text));
    return quoted.substring(1, quoted.length() - 1);
  }

  /**
   * Reads the value at whose first token the parser stands, and nothing after it. The limits are
   * the parser's.
   *
   * @throws MalformedJsonException if the value could be read in two ways
   */
  public static JsonNode read(JsonParser parser) throws IOException {
    return new TreeReader(parser).current();
  }

  /** Compact JSON. */
  public static String write(JsonNode node) {
    return new String(writeBytes(node), StandardCharsets.UTF_8);
  }

  /** Compact JSON in UTF-8. */
  public static byte[] writeBytes(JsonNode node) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      writeTo(out, node);
    } catch (IOException e) {
      throw new UncheckedIOException("JSON cannot be written.", e);
    }
    return out.toByteArray();
  }

  /** Writes compact JSON in UTF-8; fails as soon as the stream does. */
  static void writeTo(OutputStream out, JsonNode node) throws IOException {
    try (JsonGenerator generator = MAPPER.createGenerator(out)) {
      MAPPER.writeTree(generator, node);
    }
  }
}
