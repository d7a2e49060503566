package io.fastyoke.integrations.vault;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import java.io.IOException;
import java.nio.CharBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Reads the {@code credentials} of a request from the parser's characters into secrets, so that no
 * value becomes a {@link String}. Errors of shape go to {@link Credentials#shapeErrors()} instead
 * of an exception, because Jackson's messages quote values.
 */
final class CredentialsDeserializer extends StdDeserializer<Credentials> {
  private static final long serialVersionUID = 1L;
  private static final String NOT_TEXT = "must be a string";

  CredentialsDeserializer() {
    super(Credentials.class);
  }

  @Override
  public Credentials deserialize(JsonParser json, DeserializationContext context)
      throws IOException {
    SecretFields reading = new SecretFields();
    // Registered before the first secret is read: the body may end in the middle of one.
    ParsedSecrets.remember(context, reading);
    if (json.currentToken() == JsonToken.START_OBJECT) {
      reading.object(json, "");
    } else {
      json.skipChildren();
      reading.shapeErrors.put("", "must be an object");
    }
    return new Credentials(reading.fields, reading.shapeErrors);
  }

  private static final class SecretFields implements AutoCloseable {
    private final Map<String, Secret> fields = new LinkedHashMap<>();
    private final Map<String, String> shapeErrors = new LinkedHashMap<>();

    /** Wipes the secrets, which the credentials share. */
    @Override
    public void close() {
      fields.values().forEach(Secret::close);
    }

    private void object(JsonParser json, String prefix) throws IOException {
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String path = prefix + json.currentName();
        JsonToken value = json.nextToken();
        if (value == JsonToken.VALUE_STRING) {
          text(json, path);
        } else if (value == JsonToken.START_OBJECT && prefix.isEmpty()) {
          object(json, path + ".");
        } else {
          json.skipChildren();
          shapeErrors.put(path, NOT_TEXT);
        }
      }
    }

    private void text(JsonParser json, String path) throws IOException {
      char[] buffer = json.getTextCharacters();
      int from = json.getTextOffset();
      int length = json.getTextLength();
      try {
        add(path, Secret.ofUtf8(CharBuffer.wrap(buffer, from, length)));
      } catch (IllegalArgumentException e) {
        shapeErrors.put(path, "must be Unicode text");
      } finally {
        // The parser has moved past these characters and recycles the buffer without clearing it.
        Arrays.fill(buffer, from, from + length, '\0');
      }
    }

    private void add(String path, Secret value) {
      Secret before = fields.putIfAbsent(path, value);
      if (before != null) {
        value.close();
        shapeErrors.put(path, "must be given once only");
      }
    }
  }
}
