package io.fastyoke.integrations.http.body;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import io.fastyoke.integrations.errors.ApiException;
import io.fastyoke.integrations.errors.ErrorCode;
import io.fastyoke.integrations.vault.ParsedSecrets;
import jakarta.ws.rs.ext.Provider;
import jakarta.ws.rs.ext.ReaderInterceptor;
import jakarta.ws.rs.ext.ReaderInterceptorContext;
import java.io.IOException;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Parses JSON bodies. An error names the field, never the value.
 *
 * <p>Parses the received byte array, not a stream: Jackson reads a stream through a pooled buffer
 * that it never clears, and credentials would stay there.
 */
@Provider
class JsonBodyReader implements ReaderInterceptor {
  private final UnstorableText unstorableText;
  private final ObjectMapper json;
  private final UnpooledParsers parsers;
  private final Map<Type, ObjectReader> readers = new ConcurrentHashMap<>();

  JsonBodyReader(UnstorableText unstorableText, ObjectMapper json, UnpooledParsers parsers) {
    this.unstorableText = unstorableText;
    this.json = json;
    this.parsers = parsers;
  }

  @Override
  public Object aroundReadFrom(ReaderInterceptorContext context) {
    if (context.getHeaders().getOrDefault("Content-Encoding", List.of()).stream()
        .flatMap(line -> Arrays.stream(line.split(",", -1)))
        .map(String::strip)
        .anyMatch(coding -> !coding.isEmpty() && !coding.equalsIgnoreCase("identity"))) {
      throw ApiException.of(
          ErrorCode.UNSUPPORTED_MEDIA_TYPE, "Send the body as it is, without Content-Encoding.");
    }
    Object body = read(context);
    if (body == null) {
      throw ApiException.of(ErrorCode.MALFORMED_JSON, "A JSON body is required.");
    }
    return body;
  }

  private @Nullable Object read(ReaderInterceptorContext context) {
    try {
      if (context.getInputStream() instanceof ReceivedBody received) {
        try {
          return parse(context.getGenericType(), received.bytes(), received.size());
        } finally {
          received.discard();
        }
      }
      byte[] bytes = context.getInputStream().readAllBytes();
      try {
        return parse(context.getGenericType(), bytes, bytes.length);
      } finally {
        Arrays.fill(bytes, (byte) 0);
      }
    } catch (JsonProcessingException e) {
      throw JsonProblems.toApi(e);
    } catch (IOException e) {
      // Invalid UTF-8.
      throw JsonProblems.malformed("The body is not JSON in UTF-8.");
    }
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
