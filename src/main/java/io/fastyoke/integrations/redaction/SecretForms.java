package io.fastyoke.integrations.redaction;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/**
 * The forms in which a value may come back, but for the escapes that {@link EscapedText} undoes.
 */
public final class SecretForms {
  private static final byte[] BASIC = "basic ".getBytes(StandardCharsets.US_ASCII);

  /** What stands before the signature of a body, and is not secret. */
  public static final String BODY_SCHEME = "sha256=";

  /** What stands before a signature of Standard Webhooks, and is not secret. */
  public static final String STANDARD_SCHEME = "v1,";

  /** The same before one by a private key. */
  public static final String ASYMMETRIC_SCHEME = "v1a,";

  private static final List<byte[]> PREFIXES =
      List.of(
          BODY_SCHEME.getBytes(StandardCharsets.US_ASCII),
          ASYMMETRIC_SCHEME.getBytes(StandardCharsets.US_ASCII),
          STANDARD_SCHEME.getBytes(StandardCharsets.US_ASCII));

  private static final Base64.Encoder STANDARD = Base64.getEncoder();
  private static final Base64.Encoder URL = Base64.getUrlEncoder();

  private SecretForms() {}

  /** The value, which changes hands, and copies of what in it is secret on its own. */
  static void values(List<byte[]> values, byte[] value) {
    values.add(value);
    for (byte[] prefix : PREFIXES) {
      if (startsWith(value, prefix)) {
        values.add(Arrays.copyOfRange(value, prefix.length, value.length));
      }
    }
    int space = indexOf(value, ' ');
    if (space < 0 || space + 1 >= value.length) {
      return;
    }
    byte[] afterScheme = Arrays.copyOfRange(value, space + 1, value.length);
    values.add(afterScheme);
    if (space + 1 == BASIC.length && isBasic(value)) {
      userAndPassword(values, afterScheme);
    }
  }

  /** Copies of the value as it is and encoded. */
  static void encodings(List<byte[]> forms, byte[] value) {
    forms.add(value.clone());
    if (value.length >= Redactor.MIN_LENGTH) {
      for (Base64.Encoder base64 : List.of(STANDARD, URL)) {
        forms.add(base64.encode(value));
        forms.add(base64.withoutPadding().encode(value));
        insideOfBase64(forms, base64, value);
      }
    }
  }

  /** What is the same wherever in a longer text the value begins, and whatever is around it. */
  private static void insideOfBase64(List<byte[]> forms, Base64.Encoder base64, byte[] value) {
    for (int offset = 0; offset < 3; offset++) {
      byte[] moved = new byte[offset + value.length];
      System.arraycopy(value, 0, moved, offset, value.length);
      byte[] encoded = base64.encode(moved);
      int first = offset == 0 ? 0 : offset + 1;
      forms.add(Arrays.copyOfRange(encoded, first, moved.length * 8 / 6));
      Arrays.fill(moved, (byte) 0);
      Arrays.fill(encoded, (byte) 0);
    }
  }

  private static void userAndPassword(List<byte[]> values, byte[] base64) {
    try {
      byte[] pair = Base64.getDecoder().decode(base64);
      values.add(pair);
      int colon = indexOf(pair, ':');
      if (colon >= 0 && pair.length - colon > Redactor.MIN_LENGTH) {
        values.add(Arrays.copyOfRange(pair, colon + 1, pair.length));
      }
    } catch (IllegalArgumentException e) {
      // Not base64 after all, so there is nothing more in it.
    }
  }

  private static boolean isBasic(byte[] value) {
    for (int i = 0; i < BASIC.length; i++) {
      if (Character.toLowerCase(value[i]) != BASIC[i]) {
        return false;
      }
    }
    return true;
  }

  private static boolean startsWith(byte[] value, byte[] prefix) {
    return value.length > prefix.length
        && Arrays.equals(value, 0, prefix.length, prefix, 0, prefix.length);
  }

  private static int indexOf(byte[] bytes, char c) {
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] == c) {
        return i;
      }
    }
    return -1;
  }
}
