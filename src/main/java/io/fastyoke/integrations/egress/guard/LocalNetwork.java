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
 * What is found out about the network that the service is in, to keep tenants away from it: where
 * the database is, and how IPv4 is reached over IPv6. Best effort: until it is known, and where it
 * cannot be, the rules for all networks hold.
 */
public final class LocalNetwork {
  private static final Logger LOG = Logger.getLogger(LocalNetwork.class);

  /** Addresses and ports that no tenant reaches, whatever the operator has opened. */
  private volatile Set<Place> closed = Set.of();

  private volatile @Nullable Nat64 nat64;

  private record Place(InetAddress address, int port) {}

  boolean isClosed(InetAddress address, int port) {
    return closed.contains(new Place(address, port));
  }

  Optional<Nat64> nat64() {
    return Optional.ofNullable(nat64);
  }

  /** Asks for the prefix of the network; completes when it is known, or is known not to be. */
  public Future<Void> learnPrefix(DnsResolver names) {
    return names
        .resolve(Nat64.NAME)
        .onSuccess(
            found ->
                found.stream()
                    .flatMap(address -> Nat64.shownBy(address.getAddress()).stream())
                    .findFirst()
                    .ifPresent(this::learned))
        .recover(unknown -> Future.succeededFuture(List.of()))
        .mapEmpty();
  }

  private void learned(Nat64 prefix) {
    nat64 = prefix;
    LOG.info("This network reaches IPv4 over IPv6: such addresses are judged as the IPv4 inside.");
  }

  /**
   * Closes the databases' ports at all of their addresses.
   *
   * @param places such as {@code host:5432} or {@code [::1]:5432}; a Unix socket has no port
   */
  public Future<Void> closeDatabases(DnsResolver names, List<String> places) {
    return Future.all(places.stream().map(place -> closeDatabase(names, place)).toList())
        .mapEmpty();
  }

  private Future<Void> closeDatabase(DnsResolver names, String place) {
    int colon = place.lastIndexOf(':');
    String number = place.substring(colon + 1);
    if (colon < 1 || place.startsWith("/") || !number.matches("[0-9]{1,5}")) {
      return Future.succeededFuture();
    }
    String host = place.substring(0, colon);
    int port = Integer.parseInt(number);
    return names
        .resolve(host.startsWith("[") ? host.substring(1, host.length() - 1) : host)
        .onSuccess(found -> close(found, port))
        .recover(unknown -> Future.succeededFuture(List.of()))
        .mapEmpty();
  }

  private synchronized void close(List<InetAddress> addresses, int port) {
    Set<Place> places = new HashSet<>(closed);
    addresses.forEach(address -> places.add(new Place(address, port)));
    closed = Set.copyOf(places);
  }

  /** The addresses of this machine, but for loopback, which has a rule of its own. */
  public static List<InetAddress> ownAddresses() {
    try {
      return NetworkInterface.networkInterfaces()
          .flatMap(NetworkInterface::inetAddresses)
          .filter(address -> !address.isLoopbackAddress())
          .toList();
    } catch (SocketException e) {
      LOG.warn("The addresses of this machine are not known, and so not kept from tenants.");
      return List.of();
    }
  }
}
