package io.fastyoke.integrations.http.body;

import io.fastyoke.integrations.errors.ApiException;
import io.fastyoke.integrations.errors.ErrorCode;
import jakarta.ws.rs.ext.Provider;
import jakarta.ws.rs.ext.ReaderInterceptor;
import jakarta.ws.rs.ext.ReaderInterceptorContext;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/** Reads JSON bodies with {@link JsonBodies}, and wipes what was received. */
@Provider
class JsonBodyReader implements ReaderInterceptor {
  private final JsonBodies bodies;

  JsonBodyReader(JsonBodies bodies) {
    this.bodies = bodies;
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
    try {
      return read(context);
    } catch (IOException e) {
      throw JsonBodies.notUtf8();
    }
  }

  private Object read(ReaderInterceptorContext context) throws IOException {
    if (context.getInputStream() instanceof ReceivedBody received) {
      try {
        return bodies.read(context.getGenericType(), received.bytes(), received.size());
      } finally {
        received.discard();
      }
    }
    byte[] bytes = context.getInputStream().readAllBytes();
    try {
      return bodies.read(context.getGenericType(), bytes, bytes.length);
    } finally {
      Arrays.fill(bytes, (byte) 0);
    }
  }
}
