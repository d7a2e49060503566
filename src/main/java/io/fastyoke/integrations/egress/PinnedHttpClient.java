package io.fastyoke.integrations.egress;

import io.fastyoke.integrations.egress.answer.AnswerDecoder;
import io.fastyoke.integrations.egress.guard.Destination;
import io.fastyoke.integrations.egress.tls.ClientCertificates;
import io.fastyoke.integrations.egress.tls.LoadedTls;
import io.netty.channel.Channel;
import io.vertx.core.Future;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.impl.CloseFuture;
import io.vertx.core.impl.VertxInternal;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.ProxyOptions;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.net.impl.ConnectionBase;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
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

  private final VertxInternal vertx;
  private final ClientTuning tuning;
  private final @Nullable ProxyOptions proxy;
  private final boolean proxyResolves;
  private final @Nullable LoadedTls own;
  private final ClientCertificates certificates;
  private final FirstUse pooled;
  private final FirstUse unpooled;
  private final FirstUse direct;
  private final ProxyFailures proxyFailures;

  /** For all connections without certificates of their own. */
  PinnedHttpClient(
      VertxInternal vertx,
      @Nullable ProxyOptions proxy,
      boolean proxyResolves,
      ClientTuning tuning) {
    this(vertx, proxy, proxyResolves, tuning, null, new ProxyFailures());
  }

  private PinnedHttpClient(
      VertxInternal vertx,
      @Nullable ProxyOptions proxy,
      boolean proxyResolves,
      ClientTuning tuning,
      @Nullable LoadedTls own,
      ProxyFailures proxyFailures) {
    this.vertx = vertx;
    this.tuning = tuning;
    this.proxy = proxy;
    this.proxyResolves = proxyResolves;
    this.own = own;
    this.certificates = own == null ? new ClientCertificates() : own.certificates();
    this.proxyFailures = proxyFailures;
    this.pooled =
        new FirstUse(() -> options().setKeepAlive(true).setKeepAliveTimeout(KEEP_ALIVE_SECONDS));
    this.unpooled = new FirstUse(() -> options().setKeepAlive(false));
    this.direct = new FirstUse(() -> options().setProxyOptions(null).setKeepAlive(false));
  }

  /** One like this, with certificates of its own, and so with its own connections and sessions. */
  PinnedHttpClient with(LoadedTls tls) {
    return new PinnedHttpClient(vertx, proxy, proxyResolves, tuning, tls, proxyFailures);
  }

  /** A client that is made when it is first needed. */
  private final class FirstUse {
    private final Supplier<HttpClientOptions> options;
    private volatile @Nullable HttpClient made;

    private FirstUse(Supplier<HttpClientOptions> options) {
      this.options = options;
    }

    HttpClient get() {
      HttpClient client = made;
      return client == null ? make() : client;
    }

    private synchronized HttpClient make() {
      HttpClient client = made;
      if (client == null) {
        client = client(options.get());
        made = client;
      }
      return client;
    }

    synchronized void close() {
      if (made != null) {
        made.close();
      }
    }
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
    return (unpooledOnly ? unpooled : client(request)).get().request(options);
  }

  /** The client opens tunnels for https only; plain http would get the proxy's own answers. */
  private Future<HttpClientRequest> tunnelled(
      RequestOptions options, ProxyOptions by, String authority, long timeoutMillis) {
    options.setServer(SocketAddress.inetSocketAddress(by.getPort(), by.getHost()));
    return direct
        .get()
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
  private FirstUse client(OutboundRequest request) {
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
    if (own != null) {
      options.setKeyCertOptions(own.keys()).setTrustOptions(own.trust());
    } else if (tuning.trust() != null) {
      options.setTrustOptions(tuning.trust());
    }
    return proxy == null ? options : options.setProxyOptions(proxy);
  }

  /** Lives until {@link #close}, or Vert.x ends: not as long as the context that first needs it. */
  @SuppressWarnings("deprecation") // the builder binds a client to the current context
  private HttpClient client(HttpClientOptions options) {
    PoolOptions pool = new PoolOptions().setHttp1MaxSize(tuning.connectionsPerHost());
    CloseFuture closing = new CloseFuture();
    vertx.closeFuture().add(closing);
    return vertx.createHttpPoolClient(options, pool, closing).connectionHandler(this::configure);
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
