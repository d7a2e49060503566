package io.fastyoke.integrations.egress.guard;

import io.fastyoke.integrations.egress.guard.AddressPolicy.AddressClass;
import io.fastyoke.integrations.egress.guard.GuardDecision.Status;
import io.vertx.core.Future;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Guards against server-side request forgery: checks the scheme, the host's name, every address
 * that it resolves to, and the port.
 */
public final class SsrfGuard {
  private static final String LOCALHOST = "localhost";

  /** RFC 6761, section 6.3: localhost is never resolved over DNS. */
  private static final List<byte[]> LOOPBACK =
      List.of(new byte[] {127, 0, 0, 1}, AddressLiteral.bytes("::1"));

  private final EgressRules rules;
  private final AddressPolicy policy;
  private final DnsResolver dns;
  private final LocalNetwork localNetwork;

  /**
   * A checked destination.
   *
   * @param status whether the connection is allowed
   * @param addresses to connect to, best first; empty if not allowed, or if the proxy resolves the
   *     name
   */
  public record Resolution(Status status, List<InetAddress> addresses) {
    private static final Resolution BLOCKED = new Resolution(Status.BLOCKED, List.of());
    private static final Resolution UNRESOLVABLE = new Resolution(Status.UNRESOLVABLE, List.of());
    private static final Resolution RESOLVED_BY_PROXY = new Resolution(Status.ALLOWED, List.of());
  }

  public SsrfGuard(EgressRules rules, DnsResolver dns, LocalNetwork localNetwork) {
    this.rules = rules;
    this.policy = new AddressPolicy(rules.allowed(), rules.denied(), localNetwork::nat64);
    this.dns = dns;
    this.localNetwork = localNetwork;
  }

  /** Whether tenants may use the scheme. */
  public boolean allowsScheme(Destination destination) {
    return destination.tls() || rules.allowHttp();
  }

  /** Resolves and checks; the future never fails. */
  public Future<Resolution> check(Destination destination) {
    byte[] literal = destination.literal();
    if (!allowsScheme(destination)) {
      return Future.succeededFuture(Resolution.BLOCKED);
    }
    // A literal is refused unless the operator allows its range, even a public one.
    if (literal != null) {
      return Future.succeededFuture(allExempt(List.of(address(literal)), destination.port()));
    }
    if (destination.host().equals(LOCALHOST)) {
      return Future.succeededFuture(allExempt(loopback(), destination.port()));
    }
    boolean isPublic = HostName.isPublic(destination.host());
    if (!isPublic && !policy.hasExemptions()) {
      return Future.succeededFuture(Resolution.BLOCKED);
    }
    return dns.resolve(destination.host())
        .map(
            found ->
                isPublic
                    ? publicAndUnblocked(found, destination.port())
                    : allExempt(found, destination.port()))
        .otherwise(failure -> unresolved(isPublic, destination.port()));
  }

  private Resolution publicAndUnblocked(List<InetAddress> found, int port) {
    boolean blocked =
        found.stream().anyMatch(address -> classify(address, port) == AddressClass.BLOCKED);
    boolean exempt =
        found.stream().allMatch(address -> classify(address, port) == AddressClass.EXEMPT);
    return blocked || !(exempt || rules.ports().contains(port))
        ? Resolution.BLOCKED
        : allowed(found);
  }

  private Resolution allExempt(List<InetAddress> found, int port) {
    boolean exempt =
        found.stream().allMatch(address -> classify(address, port) == AddressClass.EXEMPT);
    return exempt && !found.isEmpty() ? allowed(found) : Resolution.BLOCKED;
  }

  /** Behind a proxy that resolves, public names may not resolve here; other rules still apply. */
  private Resolution unresolved(boolean isPublic, int port) {
    if (rules.proxy() == null || !rules.proxyResolves()) {
      return Resolution.UNRESOLVABLE;
    }
    return isPublic && rules.ports().contains(port)
        ? Resolution.RESOLVED_BY_PROXY
        : Resolution.BLOCKED;
  }

  private List<InetAddress> loopback() {
    return LOOPBACK.stream()
        .filter(bytes -> policy.classify(bytes) == AddressClass.EXEMPT)
        .map(SsrfGuard::address)
        .toList();
  }

  private AddressClass classify(InetAddress address, int port) {
    return localNetwork.isBlocked(address, port)
        ? AddressClass.BLOCKED
        : policy.classify(address.getAddress());
  }

  /** RFC 8305, section 4: IPv6 and IPv4 alternate, each in the resolver's order. */
  private static Resolution allowed(List<InetAddress> found) {
    Deque<InetAddress> six = new ArrayDeque<>();
    Deque<InetAddress> four = new ArrayDeque<>();
    found.forEach(address -> (address instanceof Inet6Address ? six : four).add(address));
    List<InetAddress> inTurn = new ArrayList<>();
    while (!six.isEmpty() || !four.isEmpty()) {
      Stream.of(six, four).map(Deque::poll).filter(Objects::nonNull).forEach(inTurn::add);
    }
    return new Resolution(Status.ALLOWED, List.copyOf(inTurn));
  }

  private static InetAddress address(byte[] bytes) {
    try {
      return InetAddress.getByAddress(bytes);
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e); // 4 or 16 bytes are always an address
    }
  }
}
