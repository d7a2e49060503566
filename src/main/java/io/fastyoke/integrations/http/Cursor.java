package io.fastyoke.integrations.http;

import io.fastyoke.integrations.errors.ApiException;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.UUID;

/**
 * The end of a page of a list. Opaque to clients: base64url of the last row's id.
 *
 * @param after the id of the last row of the page
 */
public record Cursor(UUID after) {
  private static final int BYTES = 16;

  /**
   * Reads a cursor.
   *
   * @throws ApiException 400 naming {@code cursor} when it is not a cursor
   */
  public static Cursor parse(String text) {
    try {
      ByteBuffer bytes = ByteBuffer.wrap(Base64.getUrlDecoder().decode(text));
      if (bytes.remaining() == BYTES) {
        return new Cursor(new UUID(bytes.getLong(), bytes.getLong()));
      }
    } catch (IllegalArgumentException e) {
      // Reported below.
    }
    throw ApiException.invalid("cursor", "is not a cursor of this list");
  }

  /** The text that {@link #parse} reads; needs no escaping in a URL. */
  public String encode() {
    ByteBuffer bytes = ByteBuffer.allocate(BYTES);
    bytes.putLong(after.getMostSignificantBits()).putLong(after.getLeastSignificantBits());
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.array());
  }
}
