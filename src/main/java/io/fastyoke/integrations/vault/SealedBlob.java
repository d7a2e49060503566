package io.fastyoke.integrations.vault;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.UUID;

/**
 * The bytes of {@code connections.credentials}: format (1 byte), key id (8), nonce (12), ciphertext
 * and tag (16).
 */
final class SealedBlob {
  static final byte FORMAT = 1;
  static final int HEADER_BYTES = 1 + KeyId.BYTES + AesGcm.NONCE_BYTES;
  private static final int MIN_BYTES = HEADER_BYTES + AesGcm.TAG_BYTES;
  private static final byte[] LABEL =
      "fastyoke/integrations/credentials".getBytes(StandardCharsets.US_ASCII);

  private SealedBlob() {}

  static byte[] join(KeyId key, byte[] nonce, byte[] ciphertextAndTag) {
    return ByteBuffer.allocate(HEADER_BYTES + ciphertextAndTag.length)
        .put(FORMAT)
        .put(key.bytes())
        .put(nonce)
        .put(ciphertextAndTag)
        .array();
  }

  static KeyId keyId(byte[] sealed) {
    if (sealed.length < MIN_BYTES || sealed[0] != FORMAT) {
      throw new UnreadableCredentialsException();
    }
    return KeyId.at(sealed, 1);
  }

  static byte[] nonce(byte[] sealed) {
    return Arrays.copyOfRange(sealed, 1 + KeyId.BYTES, HEADER_BYTES);
  }

  /**
   * The additional authenticated data. Each part is prefixed with its length, so that different
   * tuples never have the same bytes.
   */
  static byte[] additionalData(KeyId key, SealContext context) {
    UUID connection = context.connectionId();
    byte[][] parts = {
      LABEL,
      {FORMAT},
      key.bytes(),
      context.tenant().value().getBytes(StandardCharsets.UTF_8),
      ByteBuffer.allocate(16)
          .putLong(connection.getMostSignificantBits())
          .putLong(connection.getLeastSignificantBits())
          .array(),
      context.provider().getBytes(StandardCharsets.UTF_8)
    };
    int size = Arrays.stream(parts).mapToInt(part -> Integer.BYTES + part.length).sum();
    ByteBuffer out = ByteBuffer.allocate(size);
    for (byte[] part : parts) {
      out.putInt(part.length).put(part);
    }
    return out.array();
  }
}
