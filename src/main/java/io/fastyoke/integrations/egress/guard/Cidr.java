package io.fastyoke.integrations.egress.guard;

import java.util.Optional;

/**
 * A range of addresses.
 *
 * @param network 4 or 16 bytes; bits after the prefix are ignored
 * @param prefix how many leading bits an address has to share
 */
@SuppressWarnings("ArrayRecordComponent") // never compared as a whole
public record Cidr(byte[] network, int prefix) {

  /** A range from the source code; {@link #read} is for settings. */
  static Cidr of(String text) {
    return read(text).orElseThrow(() -> new IllegalArgumentException(text));
  }

  /** Reads {@code address/prefix}, or a single address. */
  static Optional<Cidr> read(String text) {
    int slash = text.indexOf('/');
    byte[] network = AddressLiteral.bytes(slash < 0 ? text : text.substring(0, slash));
    if (network.length == 0) {
      return Optional.empty();
    }
    int widest = network.length * 8;
    int prefix = slash < 0 ? widest : digits(text.substring(slash + 1));
    return prefix < 0 || prefix > widest
        ? Optional.empty()
        : Optional.of(new Cidr(network, prefix));
  }

  /** Whether the address is of the same family and shares the prefix. */
  public boolean contains(byte[] address) {
    if (address.length != network.length) {
      return false;
    }
    int whole = prefix / 8;
    for (int i = 0; i < whole; i++) {
      if (address[i] != network[i]) {
        return false;
      }
    }
    int rest = prefix % 8;
    return rest == 0 || ((address[whole] ^ network[whole]) & 0xff) >>> (8 - rest) == 0;
  }

  private static int digits(String text) {
    return text.matches("[0-9]{1,3}") ? Integer.parseInt(text) : -1;
  }
}
