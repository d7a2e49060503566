package io.fastyoke.integrations.oauth;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/**
 * Bytes of {@code application/x-www-form-urlencoded} (RFC 6749, appendix B), built without a {@link
 * String}. {@link #wipe()} overwrites them.
 */
final class FormText extends ByteArrayOutputStream {
  private static final String HEX = "0123456789ABCDEF";
  private static final String PLAIN = "*-._";

  /**
   * @param capacity the most bytes, so that no buffer is left behind when it grows
   */
  FormText(int capacity) {
    super(capacity);
  }

  /** Three characters stand for a byte, at most. */
  static int encodedSize(int bytes) {
    return 3 * bytes;
  }

  FormText encoded(byte[] utf8) {
    for (byte b : utf8) {
      boolean plain =
          (b >= 'a' && b <= 'z')
              || (b >= 'A' && b <= 'Z')
              || (b >= '0' && b <= '9')
              || PLAIN.indexOf(b) >= 0;
      if (plain) {
        write(b);
      } else if (b == ' ') {
        write('+');
      } else {
        write('%');
        write(HEX.charAt((b >> 4) & 0xF));
        write(HEX.charAt(b & 0xF));
      }
    }
    return this;
  }

  FormText plain(char c) {
    write(c);
    return this;
  }

  synchronized void wipe() {
    Arrays.fill(buf, (byte) 0);
  }
}
