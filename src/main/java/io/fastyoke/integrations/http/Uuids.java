package io.fastyoke.integrations.http;

import io.fastyoke.integrations.errors.ApiException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.UUID;

/** Parses UUIDs strictly: {@link UUID#fromString} also accepts "1-1-1-1-1". */
public final class Uuids {
  private static final int LENGTH = 36;

  private Uuids() {}

  /**
   * The id in a path.
   *
   * @param what the kind of thing for the error message, such as "connection"
   * @throws ApiException 404 when it is not a UUID, as for an unknown one
   */
  public static UUID inPath(String text, String what) {
    return parse(text).orElseThrow(() -> ApiException.notFound(what));
  }

  /** A UUID in its canonical form of 36 characters, or nothing. */
  public static Optional<UUID> parse(String text) {
    return hasShape(text) ? Optional.of(UUID.fromString(text)) : Optional.empty();
  }

  /** Eight, four, four, four and twelve hexadecimal digits (RFC 9562, section 4). */
  private static boolean hasShape(String text) {
    if (text.length() != LENGTH) {
      return false;
    }
    for (int i = 0; i < LENGTH; i++) {
      char c = text.charAt(i);
      boolean dash = i == 8 || i == 13 || i == 18 || i == 23;
      if (dash ? c != '-' : !HexFormat.isHexDigit(c)) {
        return false;
      }
    }
    return true;
  }
}
