package io.fastyoke.integrations.egress.guard;

import io.netty.util.NetUtil;

/** Parses IP address literals. */
public final class AddressLiteral {
  private static final byte[] NONE = {};

  private AddressLiteral() {}

  /**
   * The 4 or 16 bytes of an address; empty if the text is no literal.
   *
   * <p>Accepts dotted quads in their canonical spelling only, because some parsers read a leading
   * zero as octal. Accepts no zone and no brackets.
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
