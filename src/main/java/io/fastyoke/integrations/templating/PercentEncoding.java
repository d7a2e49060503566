package io.fastyoke.integrations.templating;

/**
 * Percent-encodes bytes for a path or a query: all but the unreserved characters of RFC 3986
 * (section 2.3), with capital digits.
 */
public final class PercentEncoding {
  private static final String HEX = "0123456789ABCDEF";

  private PercentEncoding() {}

  /** Text, as UTF-8 encoded. */
  public static String of(byte[] utf8) {
    StringBuilder out = new StringBuilder(utf8.length + utf8.length / 2);
    append(out, utf8, "");
    return out.toString();
  }

  /**
   * Appends text.
   *
   * @param kept further ASCII characters that stay as they are
   */
  public static void append(StringBuilder out, byte[] utf8, String kept) {
    for (byte b : utf8) {
      if (isUnreserved(b) || kept.indexOf(b) >= 0) {
        out.append((char) b);
      } else {
        escape(out, b);
      }
    }
  }

  /** Appends a byte as percent sign and two digits, whatever it is. */
  public static void escape(StringBuilder out, byte b) {
    out.append('%').append(HEX.charAt((b >> 4) & 0xF)).append(HEX.charAt(b & 0xF));
  }

  private static boolean isUnreserved(byte b) {
    return (b >= 'a' && b <= 'z')
        || (b >= 'A' && b <= 'Z')
        || (b >= '0' && b <= '9')
        || "-._~".indexOf(b) >= 0;
  }
}
