package io.fastyoke.integrations.egress.guard;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Classifies addresses by their bytes; what is not known to be public is blocked.
 *
 * <p>The blocked ranges are those of the IANA special-purpose registries for IPv4 and IPv6 (RFC
 * 6890 and its updates), and Azure's 168.63.129.16, a public address for an internal service.
 * Addresses that embed an IPv4 address (NAT64, 6to4, Teredo, IPv4-compatible) are blocked outright,
 * because the network decides where they lead.
 */
final class AddressPolicy {

  /** Who may connect to an address. */
  enum AddressClass {
    /** Globally routable; allowed on the public ports. */
    PUBLIC,
    /** Inside a range that the operator allows; allowed on any port. */
    EXEMPT,
    /** Every other address. */
    BLOCKED
  }

  private static final List<Cidr> BLOCKED_V4 =
      table(
          "0.0.0.0/8", // this network
          "10.0.0.0/8", // private
          "100.64.0.0/10", // carrier-grade NAT
          "127.0.0.0/8", // loopback
          "169.254.0.0/16", // link-local: the metadata services of most clouds
          "172.16.0.0/12", // private
          "192.0.0.0/24", // protocol assignments
          "192.0.2.0/24", // documentation
          "192.31.196.0/24", // AS112
          "192.52.193.0/24", // AMT
          "192.88.99.0/24", // 6to4 relays
          "192.168.0.0/16", // private
          "192.175.48.0/24", // AS112
          "198.18.0.0/15", // benchmarking
          "198.51.100.0/24", // documentation
          "203.0.113.0/24", // documentation
          "224.0.0.0/4", // multicast
          "240.0.0.0/4", // reserved and broadcast
          "168.63.129.16/32"); // Azure's platform

  /** Every IPv6 address outside of this range is blocked. */
  private static final Cidr GLOBAL_V6 = Cidr.of("2000::/3");

  private static final List<Cidr> BLOCKED_V6 =
      table(
          "2001::/23", // protocol assignments: Teredo, benchmarking, ORCHID
          "2001:db8::/32", // documentation
          "2002::/16", // 6to4
          "2620:4f:8000::/48", // AS112
          "3fff::/20"); // documentation

  private static final Cidr V4_MAPPED = new Cidr(mappedPrefix(), 96);

  private final List<Cidr> exempt;
  private final List<Cidr> denied;
  private final Supplier<Optional<Nat64>> nat64;

  AddressPolicy(List<Cidr> exempt) {
    this(exempt, List.of(), Optional::empty);
  }

  /**
   * @param exempt ranges that the operator allows
   * @param denied ranges that stay blocked even if they are allowed
   * @param nat64 the network's prefix for IPv4 over IPv6, if known
   */
  AddressPolicy(List<Cidr> exempt, List<Cidr> denied, Supplier<Optional<Nat64>> nat64) {
    this.exempt = List.copyOf(exempt);
    this.denied = List.copyOf(denied);
    this.nat64 = nat64;
  }

  /** Whether the operator allows any range. */
  boolean hasExemptions() {
    return !exempt.isEmpty();
  }

  /** Classifies an address of 4 or 16 bytes. */
  AddressClass classify(byte[] address) {
    byte[] bytes = V4_MAPPED.contains(address) ? Arrays.copyOfRange(address, 12, 16) : address;
    byte[] embedded = nat64.get().flatMap(prefix -> prefix.embedded(bytes)).orElse(bytes);
    if (anyContains(denied, bytes) || anyContains(denied, embedded)) {
      return AddressClass.BLOCKED;
    }
    if (anyContains(exempt, bytes)) {
      return AddressClass.EXEMPT;
    }
    if (embedded.length != bytes.length) {
      return classify(embedded);
    }
    boolean isPublic =
        bytes.length == 4
            ? !anyContains(BLOCKED_V4, bytes)
            : GLOBAL_V6.contains(bytes) && !anyContains(BLOCKED_V6, bytes);
    return isPublic ? AddressClass.PUBLIC : AddressClass.BLOCKED;
  }

  private static boolean anyContains(List<Cidr> ranges, byte[] address) {
    for (Cidr range : ranges) {
      if (range.contains(address)) {
        return true;
      }
    }
    return false;
  }

  private static List<Cidr> table(String... ranges) {
    return Stream.of(ranges).map(Cidr::of).toList();
  }

  private static byte[] mappedPrefix() {
    byte[] prefix = new byte[16];
    prefix[10] = (byte) 0xff;
    prefix[11] = (byte) 0xff;
    return prefix;
  }
}
