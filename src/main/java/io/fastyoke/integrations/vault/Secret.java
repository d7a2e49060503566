package io.fastyoke.integrations.vault;

import com.fasterxml.jackson.databind.annotation.JsonSerialize;
import io.netty.util.AsciiString;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Secret bytes, which cannot be printed, serialised or compared by accident. {@link #close()}
 * overwrites them.
 */
@JsonSerialize(using = RefusingSerializer.class)
public final class Secret implements AutoCloseable {
  private static final int MAX_BYTES_PER_CHAR = 3;

  private final byte[] utf8;

  private Secret(byte[] utf8) {
    this.utf8 = utf8;
  }

  /** Takes ownership of the bytes; closing the secret wipes them. */
  public static Secret owning(byte[] utf8) {
    return new Secret(utf8);
  }

  /**
   * The UTF-8 bytes of a text; the caller wipes the text.
   *
   * @throws IllegalArgumentException if the text has an unpaired surrogate
   */
  public static Secret ofUtf8(CharSequence text) {
    byte[] buffer = new byte[text.length() * MAX_BYTES_PER_CHAR];
    ByteBuffer encoded = ByteBuffer.wrap(buffer);
    CoderResult result =
        StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text), encoded, true);
    byte[] exact = Arrays.copyOf(buffer, encoded.position());
    Arrays.fill(buffer, (byte) 0);
    if (result.isError()) {
      throw new IllegalArgumentException("not Unicode text");
    }
    return new Secret(exact);
  }

  /**
   * The bytes themselves, not a copy: valid until {@link #close()}; do not store or change them.
   */
  public byte[] expose() {
    return utf8;
  }

  /**
   * A view of the bytes as a header value: no copy, and all zeros after {@link #close()}. Bytes
   * that are not ASCII show as characters from U+0080 to U+00FF.
   */
  public AsciiString asciiForHeader() {
    return new AsciiString(utf8, false);
  }

  /** The text of a field that is not secret, such as an address. */
  public String asPublicText() {
    return new String(utf8, StandardCharsets.UTF_8);
  }

  /** Length in bytes. */
  public int length() {
    return utf8.length;
  }

  /** Length in characters (code points) of what is UTF-8. */
  public int characters() {
    int count = 0;
    for (byte b : utf8) {
      // All but the bytes that continue a character.
      count += (b & 0xC0) == 0x80 ? 0 : 1;
    }
    return count;
  }

  @Override
  public void close() {
    Arrays.fill(utf8, (byte) 0);
  }

  @Override
  public String toString() {
    return "[secret]";
  }
}
