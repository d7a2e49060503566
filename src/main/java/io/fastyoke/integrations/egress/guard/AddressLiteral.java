package io.fastyoke.integrations.egress.guard;

import io.netty.util.NetUtil;

/** Reads addresses that are written as such. */
public final class AddressLiteral {
  private static final byte[] NONE = {};

  private AddressLiteral() {}

  /**
   * The bytes of an address, or none.
   *
   * <p>Dotted quads only in their one canonical spelling: a leading zero means octal to some
   * parsers and nothing to others. No zone, no brackets.
   */
  public static byte[] bytes(String text) {
    if (NetUtil.isValidIpV4Address(text)) {
      byte[] bytes = NetUtil.createByteArrayFromIpAddressString(text);
      return NetUtil.bytesToIpAddress(bytes).equals(text) ? bytes : NONE;
    }
    boolean plain = text.indexOf('%') < 0 && text.indexOf('[') < 0;
    return plain && NetUtil.isValidIpV6Address(text)
        ? NetUtil.createByteArrayFromIpAddressString(text)
        : NONE;
  }
}
