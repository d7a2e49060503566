package io.fastyoke.integrations.templating;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;

/** Measures compact JSON without keeping it, and stops at a limit. */
final class JsonSize extends OutputStream {
  private final int limit;
  private int bytes;

  private JsonSize(int limit) {
    this.limit = limit;
  }

  /** Bytes of UTF-8, or any number above the limit if there are more than that. */
  static int of(JsonNode node, int limit) {
    JsonSize size = new JsonSize(limit);
    try {
      Json.writeTo(size, node);
    } catch (Exceeded e) {
      return Integer.MAX_VALUE;
    } catch (IOException e) {
      throw new UncheckedIOException("JSON cannot be written.", e);
    }
    return size.bytes;
  }

  @Override
  public void write(int b) throws IOException {
    add(1);
  }

  @Override
  public void write(byte[] buffer, int offset, int length) throws IOException {
    add(length);
  }

  private void add(int more) throws Exceeded {
    if (more > limit - bytes) {
      throw new Exceeded();
    }
    bytes += more;
  }

  private static final class Exceeded extends IOException {
    private static final long serialVersionUID = 1L;
  }
}
