package io.fastyoke.integrations.vault;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Credentials as bytes: the number of fields (2 bytes), then for each field the length of its name
 * (2 bytes), the name, the length of its value (4 bytes) and the value; lengths big-endian, text
 * UTF-8. Not JSON, because a JSON parser would leave secrets in memory as strings.
 */
final class CredentialsCodec {
  private CredentialsCodec() {}

  /** Encodes credentials; the caller wipes the result. */
  static byte[] encode(Credentials credentials) {
    Set<String> names = credentials.names();
    ByteBuffer out = ByteBuffer.allocate(size(credentials)).putShort(unsigned(names.size()));
    for (String name : names) {
      byte[] label = label(name);
      Secret value = value(credentials, name);
      out.putShort(unsigned(label.length)).put(label).putInt(value.length()).put(value.expose());
    }
    return out.array();
  }

  private static int size(Credentials credentials) {
    int size = Short.BYTES;
    for (String name : credentials.names()) {
      size += Short.BYTES + label(name).length + Integer.BYTES + value(credentials, name).length();
    }
    return size;
  }

  private static byte[] label(String name) {
    return name.getBytes(StandardCharsets.UTF_8);
  }

  private static Secret value(Credentials credentials, String name) {
    return credentials.get(name).orElseThrow();
  }

  /**
   * Decodes into copies; the caller wipes the bytes.
   *
   * @throws IllegalArgumentException if the bytes are not exactly one such encoding
   */
  static Credentials decode(byte[] bytes) {
    Map<String, Secret> fields = new LinkedHashMap<>();
    try {
      ByteBuffer in = ByteBuffer.wrap(bytes);
      for (int left = Short.toUnsignedInt(in.getShort()); left > 0; left--) {
        String name =
            new String(take(in, Short.toUnsignedInt(in.getShort())), StandardCharsets.UTF_8);
        fields.put(name, Secret.owning(take(in, in.getInt())));
      }
      if (in.hasRemaining()) {
        throw new IllegalArgumentException("bytes after the last field");
      }
      return new Credentials(fields);
    } catch (BufferUnderflowException | IllegalArgumentException e) {
      fields.values().forEach(Secret::close);
      throw new IllegalArgumentException("not encoded credentials");
    }
  }

  private static byte[] take(ByteBuffer in, int length) {
    if (length < 0 || length > in.remaining()) {
      throw new IllegalArgumentException("a length beyond the end");
    }
    byte[] bytes = new byte[length];
    in.get(bytes);
    return bytes;
  }

  private static short unsigned(int value) {
    if (value > 0xFFFF) {
      throw new IllegalArgumentException("too many fields or too long a name");
    }
    return (short) value;
  }
}
