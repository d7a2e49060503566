package io.fastyoke.integrations.egress.guard;

import static java.util.stream.Collectors.joining;

import io.fastyoke.integrations.egress.EgressSettings;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.vertx.core.net.ProxyOptions;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The parsed settings.
 *
 * @param allowed ranges that tenants may reach although they are not public
 * @param allowHttp whether tenants may use plain http
 * @param ports ports of public hosts
 * @param proxy the forward proxy for all calls, if any
 * @param proxyResolves whether the proxy resolves tenants' host names
 * @param denied ranges that tenants never reach, even if they are allowed
 * @param dnsServers resolve tenants' host names; empty for the system's servers
 */
public record EgressRules(
    List<Cidr> allowed,
    boolean allowHttp,
    Set<Integer> ports,
    @Nullable ProxyOptions proxy,
    boolean proxyResolves,
    List<Cidr> denied,
    List<InetSocketAddress> dnsServers) {

  /**
   * Parses the settings.
   *
   * @throws ConfigurationException with one line that names the setting but not its value, which
   *     may hold the proxy's password
   */
  public static EgressRules read(EgressSettings settings) {
    boolean http = flag("EGRESS_ALLOW_HTTP", settings.allowHttp());
    Stream<Integer> standard = http ? Stream.of(443, 80) : Stream.of(443);
    Stream<Integer> further =
        entries(settings.allowPorts(), EgressRules::port, "EGRESS_ALLOW_PORTS takes ports")
            .stream();
    return new EgressRules(
        entries(
            settings.allowCidrs(),
            Cidr::read,
            "EGRESS_ALLOW_CIDRS takes ranges such as 10.0.0.0/8 or fd00::/8"),
        http,
        Stream.concat(standard, further).collect(Collectors.toUnmodifiableSet()),
        settings.proxy().map(EgressRules::proxy).orElse(null),
        flag("EGRESS_PROXY_RESOLVES", settings.proxyResolves()),
        entries(
            settings.denyCidrs(),
            Cidr::read,
            "EGRESS_DENY_CIDRS takes ranges such as 10.0.0.0/8 or fd00::/8"),
        entries(
            settings.dnsServers(),
            EgressRules::server,
            "EGRESS_DNS_SERVERS takes addresses such as 10.0.0.2 or 10.0.0.2:53"));
  }

  /** What tenants may reach, in one line for the operator; no password. */
  public String describe() {
    StringBuilder line = new StringBuilder("tenants reach public hosts by https");
    line.append(allowHttp ? " and http" : "");
    line.append(
        ports.stream().sorted().map(String::valueOf).collect(joining(", ", " on port ", "")));
    if (!allowed.isEmpty()) {
      line.append(", and everything in ")
          .append(allowed.size())
          .append(" range(s) of EGRESS_ALLOW_CIDRS");
    }
    if (proxy != null) {
      line.append(", through the proxy at %s:%d".formatted(proxy.getHost(), proxy.getPort()));
    }
    return line.toString();
  }

  private static <T> List<T> entries(
      Optional<String> text, Function<String, Optional<T>> reader, String rule) {
    return Arrays.stream(text.orElse("").split(","))
        .map(String::trim)
        .filter(entry -> !entry.isEmpty())
        .map(
            entry ->
                reader.apply(entry).orElseThrow(() -> refused(rule + ", separated by commas.")))
        .toList();
  }

  /** The same rules, which also deny these addresses unless the operator allows them. */
  public EgressRules denying(List<InetAddress> addresses) {
    Stream<Cidr> further =
        addresses.stream()
            .map(InetAddress::getAddress)
            .filter(address -> allowed.stream().noneMatch(range -> range.contains(address)))
            .map(address -> new Cidr(address, address.length * 8));
    List<Cidr> all = Stream.concat(denied.stream(), further).toList();
    return new EgressRules(allowed, allowHttp, ports, proxy, proxyResolves, all, dnsServers);
  }

  private static boolean flag(String name, Optional<String> text) {
    return switch (text.orElse("").trim()) {
      case "true" -> true;
      case "false", "" -> false;
      default -> throw refused(name + " is either true or false.");
    };
  }

  private static Optional<Integer> port(String text) {
    if (!text.matches("[0-9]{1,5}")) {
      return Optional.empty();
    }
    int port = Integer.parseInt(text);
    return port < 1 || port > 65535 ? Optional.empty() : Optional.of(port);
  }

  private static Optional<InetSocketAddress> server(String text) {
    int colon = text.indexOf(':') == text.lastIndexOf(':') ? text.indexOf(':') : -1;
    int bracket = text.indexOf("]:");
    int cut = bracket < 0 ? colon : bracket + 1;
    String host = cut < 0 ? text : text.substring(0, cut);
    boolean bracketed = host.startsWith("[") && host.endsWith("]");
    byte[] bytes = AddressLiteral.bytes(bracketed ? host.substring(1, host.length() - 1) : host);
    Optional<Integer> port = cut < 0 ? Optional.of(53) : port(text.substring(cut + 1));
    return bytes.length == 0 ? Optional.empty() : port.map(number -> address(bytes, number));
  }

  private static InetSocketAddress address(byte[] bytes, int port) {
    try {
      return new InetSocketAddress(InetAddress.getByAddress(bytes), port);
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e); // 4 or 16 bytes are always an address
    }
  }

  private static @Nullable ProxyOptions proxy(String text) {
    if (text.isBlank()) {
      return null;
    }
    URI uri = proxyUri(text.trim());
    HostPort hostPort = Objects.requireNonNull(HostPort.of(uri));
    ProxyOptions options = new ProxyOptions().setHost(hostPort.host()).setPort(hostPort.port());
    String user = user(uri);
    if (user != null) {
      int colon = user.indexOf(':');
      options.setUsername(colon < 0 ? user : user.substring(0, colon));
      options.setPassword(colon < 0 ? "" : user.substring(colon + 1));
    }
    return options;
  }

  private static URI proxyUri(String text) {
    URI uri = parsed(text);
    if (uri == null
        || !"http".equals(uri.getScheme())
        || !hasPort(uri)
        || uri.getRawQuery() != null
        || uri.getRawFragment() != null
        || !(uri.getRawPath().isEmpty() || uri.getRawPath().equals("/"))) {
      throw refused("EGRESS_PROXY has the form http://[user:password@]host:port.");
    }
    return uri;
  }

  private static boolean hasPort(URI uri) {
    HostPort hostPort = HostPort.of(uri);
    return hostPort != null && hostPort.port() >= 1 && hostPort.port() <= 65535;
  }

  /** Decoded. {@link URI#getUserInfo} returns null for host names with an underscore. */
  private static @Nullable String user(URI uri) {
    String authority = uri.getAuthority();
    int at = authority.lastIndexOf('@');
    return at < 0 ? null : authority.substring(0, at);
  }

  private static @Nullable URI parsed(String text) {
    try {
      return URI.create(text);
    } catch (IllegalArgumentException e) {
      return null; // its message quotes the text, and so a password
    }
  }

  private static ConfigurationException refused(String message) {
    return new ConfigurationException(message);
  }
}
