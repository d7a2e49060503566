package io.fastyoke.integrations.runs;

import java.util.HexFormat;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads ids strictly: {@link UUID#fromString} takes abbreviations for ids. */
final class Uuids {
  private static final int LENGTH = 36;

  private Uuids() {}

  static @Nullable UUID parse(@Nullable String text) {
    return text != null && hasShape(text) ? UUID.fromString(text) : null;
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
