package io.fastyoke.integrations.vault;

import com.fasterxml.jackson.databind.annotation.JsonSerialize;
import io.netty.util.AsciiString;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Bytes that must not be seen: cannot be printed, serialised or compared by accident, and are wiped
 * after use.
 *
 * <p>Holds the only copy it knows of; {@link #close()} overwrites it.
 */
@JsonSerialize(using = NeverWritten.class)
public final class Secret implements AutoCloseable {
  private static final int MOST_BYTES_PER_CHAR = 3;

  private final byte[] utf8;

  private Secret(byte[] utf8) {
    this.utf8 = utf8;
  }

  /** Takes ownership of the bytes: they are wiped when the secret is closed. */
  public static Secret owning(byte[] utf8) {
    return new Secret(utf8);
  }

  /**
   * The UTF-8 bytes of a text, which stays the caller's to wipe.
   *
   * @throws IllegalArgumentException when the text has a surrogate without its other half
   */
  public static Secret ofUtf8(CharSequence text) {
    byte[] roomy = new byte[text.length() * MOST_BYTES_PER_CHAR];
    ByteBuffer encoded = ByteBuffer.wrap(roomy);
    CoderResult result =
        StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text), encoded, true);
    byte[] exact = Arrays.copyOf(roomy, encoded.position());
    Arrays.fill(roomy, (byte) 0);
    if (result.isError()) {
      throw new IllegalArgumentException("not Unicode text");
    }
    return new Secret(exact);
  }

  /** The bytes themselves, not a copy: valid until {@link #close()}, not to be kept or changed. */
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

  /** The text of a field that may be seen, such as an address; never of one that is secret. */
  public String asPublicText() {
    return new String(utf8, StandardCharsets.UTF_8);
  }

  /** Length in bytes. */
  public int length() {
    return utf8.length;
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
