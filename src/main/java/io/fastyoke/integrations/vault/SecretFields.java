package io.fastyoke.integrations.vault;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.CharBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** Texts of a JSON object by their paths, read from the parser's characters. */
final class SecretFields implements AutoCloseable {
  private static final String NOT_TEXT = "must be a string";

  /** At the top; the empty path is the whole. */
  private static final String NAMELESS = "''";

  private static final String TWICE = "must be given once only";

  /** Objects and lists within one another, below the whole: {@code oauth2.parameters}. */
  private static final int MAX_DEPTH = 2;

  final Map<String, Secret> fields = new LinkedHashMap<>();
  final Map<String, String> errors = new LinkedHashMap<>();
  private final Set<String> objects = new LinkedHashSet<>();
  private final Set<String> lists = new LinkedHashSet<>();
  private final Map<String, String> dotted = new HashMap<>();

  /** Wipes the secrets, which the credentials share. */
  @Override
  public void close() {
    fields.values().forEach(Secret::close);
  }

  CredentialsShape shape() {
    return new CredentialsShape(errors, objects, lists, dotted);
  }

  /** Reads the object at whose beginning the parser is. */
  void object(JsonParser json) throws IOException {
    object(json, "", 0);
  }

  private void object(JsonParser json, String above, int depth) throws IOException {
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      String path = below(above, name);
      if (name.indexOf('.') >= 0) {
        dotted.put(path, above);
      }
      json.nextToken();
      value(json, path, depth);
    }
  }

  private void list(JsonParser json, String above, int depth) throws IOException {
    for (int i = 0; json.nextToken() != JsonToken.END_ARRAY; i++) {
      value(json, below(above, Integer.toString(i)), depth);
    }
  }

  private void value(JsonParser json, String path, int depth) throws IOException {
    JsonToken token = json.currentToken();
    if (token == JsonToken.VALUE_STRING) {
      text(json, path);
    } else if (token == JsonToken.START_OBJECT && depth < MAX_DEPTH) {
      once(objects, path);
      object(json, path, depth + 1);
    } else if (token == JsonToken.START_ARRAY && depth < MAX_DEPTH) {
      once(lists, path);
      list(json, path, depth + 1);
    } else {
      json.skipChildren();
      errors.put(path, NOT_TEXT);
    }
  }

  private void once(Set<String> paths, String path) {
    if (objects.contains(path) || lists.contains(path)) {
      errors.put(path, TWICE);
    }
    paths.add(path);
  }

  private void text(JsonParser json, String path) throws IOException {
    char[] buffer = json.getTextCharacters();
    int from = json.getTextOffset();
    int length = json.getTextLength();
    try {
      add(path, Secret.ofUtf8(CharBuffer.wrap(buffer, from, length)));
    } catch (IllegalArgumentException e) {
      errors.put(path, "must be Unicode text");
    } finally {
      // The parser has moved past these characters and recycles the buffer without clearing it.
      Arrays.fill(buffer, from, from + length, '\0');
    }
  }

  private void add(String path, Secret value) {
    Secret before = fields.putIfAbsent(path, value);
    if (before != null) {
      value.close();
      errors.put(path, TWICE);
    }
  }

  private static String below(String above, String name) {
    String top = name.isEmpty() ? NAMELESS : name;
    return above.isEmpty() ? top : above + "." + name;
  }
}
