package io.fastyoke.integrations.vault;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/** A 256-bit key and its name. The bytes stay in this package. */
final class EncryptionKey {
  static final int BYTES = 32;
  private static final byte[] ID_LABEL =
      "fastyoke/integrations/key-id/1".getBytes(StandardCharsets.US_ASCII);

  private final byte[] bytes;
  private final KeyId id;

  /** Takes ownership of the bytes. */
  EncryptionKey(byte[] bytes) {
    if (bytes.length != BYTES) {
      throw new IllegalArgumentException("not a 256-bit key");
    }
    this.bytes = bytes;
    this.id = KeyId.at(HmacSha256.of(bytes, ID_LABEL), 0);
  }

  KeyId id() {
    return id;
  }

  SecretKey forCipher() {
    return new SecretKeySpec(bytes, "AES");
  }

  boolean sameAs(EncryptionKey other) {
    return MessageDigest.isEqual(bytes, other.bytes);
  }

  /** Whether every byte is the same, as in a placeholder that nobody replaced. */
  boolean isPlaceholder() {
    for (byte b : bytes) {
      if (b != bytes[0]) {
        return false;
      }
    }
    return true;
  }

  @Override
  public String toString() {
    return "EncryptionKey[" + id + "]";
  }
}
