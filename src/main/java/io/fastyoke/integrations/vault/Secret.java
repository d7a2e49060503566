package io.fastyoke.integrations.vault;

import java.util.Arrays;

/**
 * Bytes that must not be seen: cannot be printed, serialised or compared by accident, and are wiped
 * after use.
 *
 * <p>Holds the only copy it knows of; {@link #close()} overwrites it.
 */
public final class Secret implements AutoCloseable {
  private final byte[] utf8;

  private Secret(byte[] utf8) {
    this.utf8 = utf8;
  }

  /** Takes ownership of the bytes: they are wiped when the secret is closed. */
  public static Secret owning(byte[] utf8) {
    return new Secret(utf8);
  }

  /** The bytes themselves, not a copy: valid until {@link #close()}, not to be kept or changed. */
  public byte[] expose() {
    return utf8;
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
