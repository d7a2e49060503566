package io.fastyoke.integrations.egress.guard;

import io.vertx.core.Future;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Facts about the network that the service runs in, discovered at the start: the addresses of the
 * database, which tenants must not reach, and the NAT64 prefix. Best effort: as long as a fact is
 * unknown, the general rules apply.
 */
public final class LocalNetwork {
  private static final Logger LOG = Logger.getLogger(LocalNetwork.class);

  /** Addresses and ports that are blocked even in ranges that the operator allows. */
  private volatile Set<Endpoint> blocked = Set.of();

  private volatile @Nullable Nat64 nat64;

  private record Endpoint(InetAddress address, int port) {}

  boolean isBlocked(InetAddress address, int port) {
    return blocked.contains(new Endpoint(address, port));
  }

  Optional<Nat64> nat64() {
    return Optional.ofNullable(nat64);
  }

  /** Discovers the network's NAT64 prefix (RFC 7050). The future does not fail. */
  public Future<Void> discoverNat64(DnsResolver dns) {
    return dns.resolve(Nat64.NAME)
        .onSuccess(
            found ->
                found.stream()
                    .flatMap(address -> Nat64.fromAnswer(address.getAddress()).stream())
                    .findFirst()
                    .ifPresent(this::nat64Found))
        .recover(unknown -> Future.succeededFuture(List.of()))
        .mapEmpty();
  }

  private void nat64Found(Nat64 prefix) {
    nat64 = prefix;
    LOG.info(
        "NAT64 prefix found: the SSRF guard checks the IPv4 address embedded in such addresses.");
  }

  /**
   * Blocks the databases' ports at all of their addresses. The future does not fail.
   *
   * @param databases such as {@code host:5432} or {@code [::1]:5432}; a Unix socket has no port
   */
  public Future<Void> blockDatabases(DnsResolver dns, List<String> databases) {
    return Future.all(databases.stream().map(database -> blockDatabase(dns, database)).toList())
        .mapEmpty();
  }

  private Future<Void> blockDatabase(DnsResolver dns, String database) {
    int colon = database.lastIndexOf(':');
    String number = database.substring(colon + 1);
    if (colon < 1 || database.startsWith("/") || !number.matches("[0-9]{1,5}")) {
      return Future.succeededFuture();
    }
    String host = database.substring(0, colon);
    int port = Integer.parseInt(number);
    return dns.resolve(host.startsWith("[") ? host.substring(1, host.length() - 1) : host)
        .onSuccess(found -> block(found, port))
        .recover(unknown -> Future.succeededFuture(List.of()))
        .mapEmpty();
  }

  private synchronized void block(List<InetAddress> addresses, int port) {
    Set<Endpoint> endpoints = new HashSet<>(blocked);
    addresses.forEach(address -> endpoints.add(new Endpoint(address, port)));
    blocked = Set.copyOf(endpoints);
  }

  /** The addresses of this machine, except loopback, which {@link AddressPolicy} blocks. */
  public static List<InetAddress> ownAddresses() {
    try {
      return NetworkInterface.networkInterfaces()
          .flatMap(NetworkInterface::inetAddresses)
          .filter(address -> !address.isLoopbackAddress())
          .toList();
    } catch (SocketException e) {
      LOG.warn(
          "Cannot list the addresses of this machine; tenants may be able to reach public ones of them.");
      return List.of();
    }
  }
}
