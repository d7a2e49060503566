package io.fastyoke.integrations.egress.guard;

import io.netty.channel.EventLoop;
import io.netty.channel.socket.SocketChannel;
import io.netty.resolver.ResolvedAddressTypes;
import io.netty.resolver.dns.DnsNameResolver;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.resolver.dns.DnsServerAddressStream;
import io.netty.resolver.dns.DnsServerAddressStreamProvider;
import io.netty.resolver.dns.DnsServerAddressStreamProviders;
import io.netty.resolver.dns.DnsServerAddresses;
import io.netty.resolver.dns.SequentialDnsServerAddressStreamProvider;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.impl.VertxInternal;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;

/**
 * Resolves names to all their addresses, IPv4 and IPv6, over DNS or the hosts file.
 *
 * <p>Names are absolute: search domains are never tried, so that {@code foo.bar} cannot resolve to
 * an internal host. Answers are cached for at most {@value #MAX_TTL_SECONDS} s, and the SSRF guard
 * checks them again at each use.
 */
public final class DnsResolver implements AutoCloseable {
  static final int TIMEOUT_MILLIS = 2_000;
  private static final int QUERY_TIMEOUT_MILLIS = 950;
  private static final int MAX_TTL_SECONDS = 10;
  private static final int CONSOLIDATED_NAMES = 1_024;

  private final VertxInternal vertx;
  private final DnsNameResolver resolver;

  /** Queries the given servers in turn, or those of the system if there are none. */
  public DnsResolver(VertxInternal vertx, List<InetSocketAddress> servers) {
    this.vertx = vertx;
    EventLoop loop = vertx.getEventLoopGroup().next();
    this.resolver =
        new DnsNameResolverBuilder(loop)
            .datagramChannelFactory(() -> vertx.transport().datagramChannel())
            .socketChannelFactory(
                () -> (SocketChannel) vertx.transport().channelFactory(false).newChannel())
            .nameServerProvider(withRetry(provider(servers)))
            .queryTimeoutMillis(QUERY_TIMEOUT_MILLIS)
            .resolvedAddressTypes(ResolvedAddressTypes.IPV4_PREFERRED)
            .searchDomains(List.of())
            .ndots(1)
            .ttl(0, MAX_TTL_SECONDS)
            .negativeTtl(0)
            .consolidateCacheSize(CONSOLIDATED_NAMES)
            .build();
  }

  /** All addresses of a name. Fails if it has none, or after {@value #TIMEOUT_MILLIS} ms. */
  Future<List<InetAddress>> resolve(String name) {
    Promise<List<InetAddress>> answer = Promise.promise();
    long timer =
        vertx.setTimer(TIMEOUT_MILLIS, id -> answer.tryFail("The name server did not answer."));
    resolver
        .resolveAll(name)
        .addListener(
            (io.netty.util.concurrent.Future<List<InetAddress>> lookup) -> {
              vertx.cancelTimer(timer);
              if (lookup.isSuccess()) {
                answer.tryComplete(lookup.getNow());
              } else {
                answer.tryFail(lookup.cause());
              }
            });
    return answer.future();
  }

  @Override
  public void close() {
    resolver.close();
  }

  private static DnsServerAddressStreamProvider provider(List<InetSocketAddress> servers) {
    return servers.isEmpty()
        ? DnsServerAddressStreamProviders.platformDefault()
        : new SequentialDnsServerAddressStreamProvider(servers);
  }

  /** A datagram may get lost, and the resolver queries each server only once. */
  private static DnsServerAddressStreamProvider withRetry(DnsServerAddressStreamProvider given) {
    return name -> {
      DnsServerAddressStream servers = given.nameServerAddressStream(name);
      if (servers.size() != 1) {
        return servers;
      }
      InetSocketAddress only = servers.next();
      return DnsServerAddresses.sequential(only, only).stream();
    };
  }
}
