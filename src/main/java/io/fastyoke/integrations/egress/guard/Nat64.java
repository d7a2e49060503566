package io.fastyoke.integrations.egress.guard;

import java.util.Arrays;
import java.util.Optional;

/**
 * The prefix under which this network reaches IPv4 over IPv6, if it has one (RFC 6052): what lies
 * below it is the IPv4 address that is inside, whatever range the prefix itself is from.
 *
 * @param prefix one of the six lengths of RFC 6052, section 2.2
 */
public record Nat64(Cidr prefix) {
  /** Has only IPv4 addresses, so that an IPv6 address of it shows the prefix (RFC 7050). */
  public static final String NAME = "ipv4only.arpa";

  private static final byte[] WELL_KNOWN = {(byte) 192, 0, 0, (byte) 170};
  private static final byte[] WELL_KNOWN_TOO = {(byte) 192, 0, 0, (byte) 171};

  /** Lengths, and where the four bytes are. */
  private static final int[][] PLACES = {
    {96, 12, 13, 14, 15},
    {64, 9, 10, 11, 12},
    {56, 7, 9, 10, 11},
    {48, 6, 7, 9, 10},
    {40, 5, 6, 7, 9},
    {32, 4, 5, 6, 7}
  };

  /** The prefix that an address of {@link #NAME} shows. */
  static Optional<Nat64> shownBy(byte[] address) {
    if (address.length != 16) {
      return Optional.empty();
    }
    return Arrays.stream(PLACES)
        .filter(place -> isWellKnown(embedded(address, place)))
        .map(place -> new Nat64(new Cidr(address.clone(), place[0])))
        .findFirst();
  }

  /** The IPv4 address within an address below the prefix. */
  Optional<byte[]> embedded(byte[] address) {
    return prefix.contains(address)
        ? Arrays.stream(PLACES)
            .filter(place -> place[0] == prefix.prefix())
            .map(place -> embedded(address, place))
            .findFirst()
        : Optional.empty();
  }

  private static byte[] embedded(byte[] address, int[] place) {
    byte[] inside = new byte[4];
    for (int i = 0; i < inside.length; i++) {
      inside[i] = address[place[i + 1]];
    }
    return inside;
  }

  private static boolean isWellKnown(byte[] address) {
    return Arrays.equals(address, WELL_KNOWN) || Arrays.equals(address, WELL_KNOWN_TOO);
  }
}
