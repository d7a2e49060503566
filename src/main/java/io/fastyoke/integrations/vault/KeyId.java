package io.fastyoke.integrations.vault;

import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * The public name of an encryption key, derived from the key itself.
 *
 * @param hex 16 lower-case hexadecimal digits
 */
public record KeyId(String hex) {
  static final int BYTES = 8;
  private static final Pattern SHAPE = Pattern.compile("[0-9a-f]{16}");

  /**
   * @throws IllegalArgumentException when the value has another shape
   */
  public KeyId {
    if (!SHAPE.matcher(hex).matches()) {
      throw new IllegalArgumentException("not a key id");
    }
  }

  static KeyId at(byte[] bytes, int from) {
    return new KeyId(HexFormat.of().formatHex(bytes, from, from + BYTES));
  }

  byte[] bytes() {
    return HexFormat.of().parseHex(hex);
  }

  @Override
  public String toString() {
    return hex;
  }
}
