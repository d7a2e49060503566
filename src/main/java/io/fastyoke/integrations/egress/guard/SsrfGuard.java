package io.fastyoke.integrations.egress.guard;

import io.fastyoke.integrations.egress.guard.AddressPolicy.AddressClass;
import io.fastyoke.integrations.egress.guard.GuardDecision.Verdict;
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

/** Judges where a tenant wants to go: the scheme, the name, every address of it, the port. */
public final class SsrfGuard {
  private static final String LOCALHOST = "localhost";

  /** RFC 6761, section 6.3: never asked of a name server. */
  private static final List<byte[]> LOOPBACK =
      List.of(new byte[] {127, 0, 0, 1}, AddressLiteral.bytes("::1"));

  private final EgressRules rules;
  private final AddressPolicy policy;
  private final DnsResolver names;
  private final LocalNetwork surroundings;

  /**
   * What was found.
   *
   * @param verdict whether to go there
   * @param addresses where to connect, best first; empty if not allowed, or if a proxy has to find
   *     out
   */
  public record Ruling(Verdict verdict, List<InetAddress> addresses) {
    private static final Ruling BLOCKED = new Ruling(Verdict.BLOCKED, List.of());
    private static final Ruling UNRESOLVABLE = new Ruling(Verdict.UNRESOLVABLE, List.of());
    private static final Ruling LEFT_TO_PROXY = new Ruling(Verdict.ALLOWED, List.of());
  }

  public SsrfGuard(EgressRules rules, DnsResolver names, LocalNetwork surroundings) {
    this.rules = rules;
    this.policy = new AddressPolicy(rules.allowed(), rules.denied(), surroundings::nat64);
    this.names = names;
    this.surroundings = surroundings;
  }

  /** Whether tenants may use the scheme. */
  public boolean allowsScheme(Destination destination) {
    return destination.tls() || rules.allowHttp();
  }

  /** Resolves and judges; never fails. */
  public Future<Ruling> judge(Destination destination) {
    byte[] literal = destination.literal();
    if (!allowsScheme(destination)) {
      return Future.succeededFuture(Ruling.BLOCKED);
    }
    if (literal != null) {
      return Future.succeededFuture(exemptOnly(List.of(address(literal)), destination.port()));
    }
    if (destination.host().equals(LOCALHOST)) {
      return Future.succeededFuture(exemptOnly(loopback(), destination.port()));
    }
    boolean isPublic = HostName.isPublic(destination.host());
    if (!isPublic && !policy.hasExemptions()) {
      return Future.succeededFuture(Ruling.BLOCKED);
    }
    return names
        .resolve(destination.host())
        .map(
            found ->
                isPublic
                    ? ruling(found, destination.port())
                    : exemptOnly(found, destination.port()))
        .otherwise(failure -> unresolved(isPublic, destination.port()));
  }

  private Ruling ruling(List<InetAddress> found, int port) {
    boolean blocked =
        found.stream().anyMatch(address -> reach(address, port) == AddressClass.BLOCKED);
    boolean exempt =
        found.stream().allMatch(address -> reach(address, port) == AddressClass.EXEMPT);
    return blocked || !(exempt || rules.ports().contains(port)) ? Ruling.BLOCKED : allowed(found);
  }

  private Ruling exemptOnly(List<InetAddress> found, int port) {
    boolean exempt =
        found.stream().allMatch(address -> reach(address, port) == AddressClass.EXEMPT);
    return exempt && !found.isEmpty() ? allowed(found) : Ruling.BLOCKED;
  }

  /** Where the proxy resolves, the outside is often not resolvable; names and ports hold still. */
  private Ruling unresolved(boolean isPublic, int port) {
    if (rules.proxy() == null || !rules.proxyResolves()) {
      return Ruling.UNRESOLVABLE;
    }
    return isPublic && rules.ports().contains(port) ? Ruling.LEFT_TO_PROXY : Ruling.BLOCKED;
  }

  private List<InetAddress> loopback() {
    return LOOPBACK.stream()
        .filter(bytes -> policy.reach(bytes) == AddressClass.EXEMPT)
        .map(SsrfGuard::address)
        .toList();
  }

  private AddressClass reach(InetAddress address, int port) {
    return surroundings.isClosed(address, port)
        ? AddressClass.BLOCKED
        : policy.reach(address.getAddress());
  }

  /** RFC 8305, section 4: IPv6 and IPv4 in turn, each in the order in which they came. */
  private static Ruling allowed(List<InetAddress> found) {
    Deque<InetAddress> six = new ArrayDeque<>();
    Deque<InetAddress> four = new ArrayDeque<>();
    found.forEach(address -> (address instanceof Inet6Address ? six : four).add(address));
    List<InetAddress> inTurn = new ArrayList<>();
    while (!six.isEmpty() || !four.isEmpty()) {
      Stream.of(six, four).map(Deque::poll).filter(Objects::nonNull).forEach(inTurn::add);
    }
    return new Ruling(Verdict.ALLOWED, List.copyOf(inTurn));
  }

  private static InetAddress address(byte[] bytes) {
    try {
      return InetAddress.getByAddress(bytes);
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e); // 4 or 16 bytes are always an address
    }
  }
}
