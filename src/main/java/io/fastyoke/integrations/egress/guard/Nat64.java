package io.fastyoke.integrations.egress.guard;

import java.util.Arrays;
import java.util.Optional;

/**
 * The NAT64 prefix of this network (RFC 6052). An address below it leads to the IPv4 address that
 * it embeds, whatever range the prefix is from.
 *
 * @param prefix one of the six lengths of RFC 6052, section 2.2
 */
public record Nat64(Cidr prefix) {
  /** Has IPv4 addresses only, so an IPv6 address of this name reveals the prefix (RFC 7050). */
  public static final String NAME = "ipv4only.arpa";

  private static final byte[] WELL_KNOWN = {(byte) 192, 0, 0, (byte) 170};
  private static final byte[] SECOND_WELL_KNOWN = {(byte) 192, 0, 0, (byte) 171};

  /** Prefix lengths, each with the positions of the four embedded bytes. */
  private static final int[][] LAYOUTS = {
    {96, 12, 13, 14, 15},
    {64, 9, 10, 11, 12},
    {56, 7, 9, 10, 11},
    {48, 6, 7, 9, 10},
    {40, 5, 6, 7, 9},
    {32, 4, 5, 6, 7}
  };

  /** The prefix that an IPv6 address of {@link #NAME} reveals. */
  static Optional<Nat64> fromAnswer(byte[] address) {
    if (address.length != 16) {
      return Optional.empty();
    }
    return Arrays.stream(LAYOUTS)
        .filter(layout -> isWellKnown(embedded(address, layout)))
        .map(layout -> new Nat64(new Cidr(address.clone(), layout[0])))
        .findFirst();
  }

  /** The IPv4 address within an address below the prefix. */
  Optional<byte[]> embedded(byte[] address) {
    return prefix.contains(address)
        ? Arrays.stream(LAYOUTS)
            .filter(layout -> layout[0] == prefix.prefix())
            .map(layout -> embedded(address, layout))
            .findFirst()
        : Optional.empty();
  }

  private static byte[] embedded(byte[] address, int[] layout) {
    byte[] embedded = new byte[4];
    for (int i = 0; i < embedded.length; i++) {
      embedded[i] = address[layout[i + 1]];
    }
    return embedded;
  }

  private static boolean isWellKnown(byte[] address) {
    return Arrays.equals(address, WELL_KNOWN) || Arrays.equals(address, SECOND_WELL_KNOWN);
  }
}
