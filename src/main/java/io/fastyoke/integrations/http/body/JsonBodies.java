package io.fastyoke.integrations.http.body;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import io.fastyoke.integrations.errors.ApiException;
import io.fastyoke.integrations.errors.ErrorCode;
import io.fastyoke.integrations.vault.ParsedSecrets;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.lang.reflect.Type;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Parses JSON that was received. An error names the field, never the value.
 *
 * <p>Parses a byte array, not a stream: Jackson reads a stream through a pooled buffer that it
 * never clears, and credentials would stay there.
 */
@Singleton
public class JsonBodies {
  private final UnstorableText unstorableText;
  private final ObjectMapper json;
  private final UnpooledParsers parsers;
  private final Map<Type, ObjectReader> readers = new ConcurrentHashMap<>();

  JsonBodies(UnstorableText unstorableText, ObjectMapper json, UnpooledParsers parsers) {
    this.unstorableText = unstorableText;
    this.json = json;
    this.parsers = parsers;
  }

  /**
   * Reads a value.
   *
   * @throws ApiException 400 when the bytes are not JSON in UTF-8, empty, null, or not of the type
   */
  public Object read(Type type, byte[] bytes, int length) {
    try {
      Object body = parse(type, bytes, length);
      if (body == null) {
        throw ApiException.of(ErrorCode.MALFORMED_JSON, "A JSON body is required.");
      }
      return body;
    } catch (JsonProcessingException e) {
      throw JsonProblems.toApi(e);
    } catch (IOException e) {
      throw notUtf8();
    }
  }

  static ApiException notUtf8() {
    return JsonProblems.malformed("The body is not JSON in UTF-8.");
  }

  private static boolean isBlank(byte[] bytes, int length) {
    for (int i = 0; i < length; i++) {
      if (bytes[i] < 0 || bytes[i] > ' ') {
        return false;
      }
    }
    return true;
  }

  private @Nullable Object parse(Type type, byte[] bytes, int length) throws IOException {
    if (isBlank(bytes, length)) {
      return null;
    }
    ParsedSecrets secrets = new ParsedSecrets();
    boolean done = false;
    try {
      unstorableText.check(bytes, length);
      @Nullable Object body =
          readers
              .computeIfAbsent(
                  type, key -> json.readerFor(json.constructType(key)).with(parsers.factory()))
              .withAttribute(secrets.key(), secrets)
              .readValue(bytes, 0, length);
      done = true;
      return body;
    } finally {
      if (!done) {
        secrets.wipe();
      }
    }
  }
}
