package io.fastyoke.integrations.database.url;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Decodes percent escapes as libpq does: strictly, and without NUL. */
final class PercentDecoder {
  private PercentDecoder() {}

  /**
   * Decodes a text as UTF-8.
   *
   * @throws IllegalArgumentException if a percent sign is not followed by two hexadecimal digits,
   *     or by 00
   */
  static String decode(String text) {
    if (text.indexOf('%') < 0) {
      return text;
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    byte[] given = text.getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < given.length; i++) {
      if (given[i] != '%') {
        bytes.write(given[i]);
        continue;
      }
      int high = i + 2 < given.length ? Character.digit(given[i + 1], 16) : -1;
      int low = i + 2 < given.length ? Character.digit(given[i + 2], 16) : -1;
      if (high < 0 || low < 0 || high + low == 0) {
        throw new IllegalArgumentException("not a percent escape");
      }
      bytes.write(high * 16 + low);
      i += 2;
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
