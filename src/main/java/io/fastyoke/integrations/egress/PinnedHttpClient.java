package io.fastyoke.integrations.egress;

import io.fastyoke.integrations.egress.answer.AnswerDecoder;
import io.fastyoke.integrations.egress.guard.Destination;
import io.netty.channel.Channel;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.ProxyOptions;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.net.impl.ConnectionBase;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The only HTTP client of the service. Speaks HTTP/1.1, verifies host names, follows no redirects
 * and decompresses nothing. It connects to the address that it is given, never to one that it
 * resolved.
 */
final class PinnedHttpClient implements AutoCloseable {
  /** Longer than {@link IdleLimit}, which closes idle connections earlier. */
  private static final int KEEP_ALIVE_SECONDS = 3;

  private static final int MAX_ATTEMPT_SECONDS = 120;

  private final Vertx vertx;
  private final ClientTuning tuning;
  private final @Nullable ProxyOptions proxy;
  private final boolean proxyResolves;
  private final ClientCertificates certificates = new ClientCertificates();
  private final HttpClient pooled;
  private final HttpClient unpooled;
  private final HttpClient direct;
  private final ProxyFailures proxyFailures = new ProxyFailures();

  PinnedHttpClient(
      Vertx vertx, @Nullable ProxyOptions proxy, boolean proxyResolves, ClientTuning tuning) {
    this.vertx = vertx;
    this.tuning = tuning;
    this.proxy = proxy;
    this.proxyResolves = proxyResolves;
    this.pooled = client(options().setKeepAlive(true).setKeepAliveTimeout(KEEP_ALIVE_SECONDS));
    this.unpooled = client(options().setKeepAlive(false));
    this.direct = client(options().setProxyOptions(null).setKeepAlive(false));
  }

  /**
   * Makes a connection or takes one from the pool; nothing is written to it yet. Must be called on
   * the context that the answer should arrive on.
   *
   * @param address the checked address to connect to; null if the proxy or, for the operator's
   *     hosts, the system resolves the name
   * @param timeoutMillis how long to wait for the connection
   * @param unpooledOnly whether it has to be a new connection, for this request only
   */
  Future<HttpClientRequest> connect(
      OutboundRequest request,
      Destination to,
      @Nullable InetAddress address,
      long timeoutMillis,
      boolean unpooledOnly) {
    RequestOptions options =
        new RequestOptions()
            .setMethod(HttpMethod.valueOf(request.method()))
            .setSsl(to.tls())
            .setHost(to.host())
            .setPort(to.port())
            .setURI(RequestCheck.originForm(request.target()))
            .setFollowRedirects(false)
            .setConnectTimeout(Math.max(1, timeoutMillis));
    if (address != null && proxy == null) {
      options.setServer(pinned(address, to.port(), request.pool()));
    } else if (address != null && !proxyResolves) {
      options.setServer(SocketAddress.inetSocketAddress(to.port(), address.getHostAddress()));
    }
    if (proxy != null && !to.tls()) {
      return tunnelled(options, proxy, tunnelTo(to, address), timeoutMillis);
    }
    return (unpooledOnly ? unpooled : client(request)).request(options);
  }

  /** The client opens tunnels for https only; plain http would get the proxy's own answers. */
  private Future<HttpClientRequest> tunnelled(
      RequestOptions options, ProxyOptions by, String authority, long timeoutMillis) {
    options.setServer(SocketAddress.inetSocketAddress(by.getPort(), by.getHost()));
    return direct
        .request(options)
        .compose(
            leased -> {
              leased.exceptionHandler(
                  failure -> {}); // the tunnel reports it; the client would log it
              Channel channel = ((ConnectionBase) leased.connection()).channel();
              return Tunnel.open(channel, authority, by, timeoutMillis)
                  .map(leased)
                  .onFailure(refused -> leased.reset());
            });
  }

  private String tunnelTo(Destination to, @Nullable InetAddress address) {
    String named = address == null || proxyResolves ? to.host() : address.getHostAddress();
    return (named.indexOf(':') < 0 ? named : "[" + named + "]") + ":" + to.port();
  }

  /** The message for a failure that the proxy caused. */
  Optional<String> proxyFailure(Throwable failure, Destination to) {
    return proxy == null ? Optional.empty() : proxyFailures.message(failure, to);
  }

  /** The hosts that asked for a client certificate. */
  ClientCertificates certificates() {
    return certificates;
  }

  /** Whether the proxy makes the connections to hosts. */
  boolean isProxied() {
    return proxy != null;
  }

  @Override
  public void close() {
    pooled.close();
    unpooled.close();
    direct.close();
  }

  /** The key of a pool behind a proxy cannot name the tenant, so tenants get no pool there. */
  private HttpClient client(OutboundRequest request) {
    boolean shared = proxy == null || request.origin() == OutboundRequest.Origin.OPERATOR;
    return shared ? pooled : unpooled;
  }

  /**
   * The address, labelled with the name of the pool. The label is never resolved; it is part of the
   * client's pool key, which keeps the pools of tenants apart. SNI and the certificate check use
   * the host's own name.
   */
  private static SocketAddress pinned(InetAddress address, int port, String pool) {
    try {
      String label = address.getHostAddress() + "/" + pool;
      InetAddress labelled = InetAddress.getByAddress(label, address.getAddress());
      return SocketAddress.inetSocketAddress(new InetSocketAddress(labelled, port));
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e); // the bytes come from an address
    }
  }

  private HttpClientOptions options() {
    int connectMillis = (int) tuning.connectTimeout().toMillis();
    HttpClientOptions options =
        new HttpClientOptions()
            .setProtocolVersion(HttpVersion.HTTP_1_1)
            .setUseAlpn(false)
            .setVerifyHost(true)
            .setTrustAll(false)
            .setDecompressionSupported(false)
            .setPipelining(false)
            .setConnectTimeout(connectMillis)
            .setKeyCertOptions(KeyCertOptions.wrap(certificates.factory()))
            .setSslHandshakeTimeout(connectMillis)
            .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS);
    if (tuning.trust() != null) {
      options.setTrustOptions(tuning.trust());
    }
    return proxy == null ? options : options.setProxyOptions(proxy);
  }

  private HttpClient client(HttpClientOptions options) {
    return vertx
        .httpClientBuilder()
        .with(options)
        .with(new PoolOptions().setHttp1MaxSize(tuning.connectionsPerHost()))
        .withConnectHandler(this::configure)
        .build();
  }

  /**
   * Silences the client's log, which would quote what the other host wrote; the attempt gets the
   * failures. A failed write does not close the connection: there may be an answer to read.
   */
  private void configure(HttpConnection connection) {
    Channel channel = ((ConnectionBase) connection).channel();
    AnswerDecoder.install(channel.pipeline(), tuning.idleNanos());
    channel.config().setAutoClose(false);
    connection.exceptionHandler(failure -> {});
    long timer =
        vertx.setTimer(
            tuning.connectionAge().toMillis(),
            id -> connection.shutdown(MAX_ATTEMPT_SECONDS, TimeUnit.SECONDS));
    connection.closeHandler(closed -> vertx.cancelTimer(timer));
  }
}
