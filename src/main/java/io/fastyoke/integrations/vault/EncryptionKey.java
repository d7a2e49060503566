package io.fastyoke.integrations.vault;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HexFormat;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/** A 256-bit key and its name. The bytes stay in this package. */
final class EncryptionKey {
  static final int BYTES = 32;
  private static final int MAX_PERIOD = 16;
  private static final int MIN_DISTINCT_BYTES = 12;
  private static final byte[] ID_LABEL =
      "fastyoke/integrations/key-id/1".getBytes(StandardCharsets.US_ASCII);

  private final byte[] bytes;
  private final KeyId id;

  /** A new key as it is given to {@code ENCRYPTION_KEY}: 64 hexadecimal digits. */
  static String generate() {
    byte[] bytes = new byte[BYTES];
    new SecureRandom().nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

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

  /**
   * Whether the key looks hand-made: it repeats, counts, or has few distinct bytes. Fewer than one
   * in 2^60 random keys look so.
   */
  boolean isGuessable() {
    for (int period = 1; period <= MAX_PERIOD; period++) {
      if (repeatsAfter(period)) {
        return true;
      }
    }
    return isSequence() || distinctBytes() < MIN_DISTINCT_BYTES;
  }

  /** Whether all bytes are equal, as in a placeholder. */
  boolean isPlaceholder() {
    return repeatsAfter(1);
  }

  private boolean repeatsAfter(int period) {
    return Arrays.equals(bytes, period, BYTES, bytes, 0, BYTES - period);
  }

  private boolean isSequence() {
    for (int i = 2; i < BYTES; i++) {
      if ((byte) (bytes[i] - bytes[i - 1]) != (byte) (bytes[1] - bytes[0])) {
        return false;
      }
    }
    return true;
  }

  private int distinctBytes() {
    BitSet seen = new BitSet();
    for (byte b : bytes) {
      seen.set(b & 0xFF);
    }
    return seen.cardinality();
  }

  @Override
  public String toString() {
    return "EncryptionKey[" + id + "]";
  }
}
