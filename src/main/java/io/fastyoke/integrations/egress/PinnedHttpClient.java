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

/** The only HTTP client: HTTP/1.1, never decompresses, never follows, verifies names. */
final class PinnedHttpClient implements AutoCloseable {
  /** Longer than {@link IdleLimit}, which rules. */
  private static final int KEEP_ALIVE_SECONDS = 3;

  private static final int LONGEST_ATTEMPT_SECONDS = 120;

  private final Vertx vertx;
  private final ClientTuning tuning;
  private final @Nullable ProxyOptions proxy;
  private final boolean proxyResolves;
  private final ClientCertificates certificates = new ClientCertificates();
  private final HttpClient pooled;
  private final HttpClient unpooled;
  private final HttpClient direct;
  private final ProxyTrouble proxyTrouble = new ProxyTrouble();

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
   * Makes or borrows a connection; nothing is written to it yet. Has to be called on the context on
   * which the answer is wanted.
   *
   * @param address the judged address to connect to, or null to leave the name to the proxy or, for
   *     the operator's hosts, to the system
   * @param patience how long to wait for the connection, in milliseconds
   * @param fresh whether it has to be a new one, for this request only
   */
  Future<HttpClientRequest> connect(
      OutboundRequest request,
      Destination to,
      @Nullable InetAddress address,
      long patience,
      boolean fresh) {
    RequestOptions options =
        new RequestOptions()
            .setMethod(HttpMethod.valueOf(request.method()))
            .setSsl(to.tls())
            .setHost(to.host())
            .setPort(to.port())
            .setURI(RequestCheck.originForm(request.target()))
            .setFollowRedirects(false)
            .setConnectTimeout(Math.max(1, patience));
    if (address != null && proxy == null) {
      options.setServer(pinned(address, to.port(), request.pool()));
    } else if (address != null && !proxyResolves) {
      options.setServer(SocketAddress.inetSocketAddress(to.port(), address.getHostAddress()));
    }
    if (proxy != null && !to.tls()) {
      return tunnelled(options, proxy, tunnelTo(to, address), patience);
    }
    return (fresh ? unpooled : client(request)).request(options);
  }

  /** For https the client does so by itself; for plain http it would leave the answer to it. */
  private Future<HttpClientRequest> tunnelled(
      RequestOptions options, ProxyOptions by, String authority, long patience) {
    options.setServer(SocketAddress.inetSocketAddress(by.getPort(), by.getHost()));
    return direct
        .request(options)
        .compose(
            leased -> {
              leased.exceptionHandler(told -> {}); // by the tunnel; the client would log it
              Channel channel = ((ConnectionBase) leased.connection()).channel();
              return Tunnel.open(channel, authority, by, patience)
                  .map(leased)
                  .onFailure(refused -> leased.reset());
            });
  }

  private String tunnelTo(Destination to, @Nullable InetAddress address) {
    String named = address == null || proxyResolves ? to.host() : address.getHostAddress();
    return (named.indexOf(':') < 0 ? named : "[" + named + "]") + ":" + to.port();
  }

  /** What to say of a failure when it was the proxy's. */
  Optional<String> proxyTrouble(Throwable failure, Destination to) {
    return proxy == null ? Optional.empty() : proxyTrouble.of(failure, to);
  }

  /** Who asked for a client certificate. */
  ClientCertificates certificates() {
    return certificates;
  }

  /** Whether the addresses are the proxy's to connect to. */
  boolean isProxied() {
    return proxy != null;
  }

  @Override
  public void close() {
    pooled.close();
    unpooled.close();
    direct.close();
  }

  /** The proxy's pool has no room for a tenant in its key, so tenants share no connection of it. */
  private HttpClient client(OutboundRequest request) {
    boolean shared = proxy == null || request.origin() == OutboundRequest.Origin.OPERATOR;
    return shared ? pooled : unpooled;
  }

  /**
   * The address with a made-up host name: never resolved, but part of the key under which the
   * client pools connections, so that pools are never mixed. SNI and certificate follow the real
   * name.
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
        .withConnectHandler(this::tend)
        .build();
  }

  /**
   * Exceptions are told to the attempt; logged, they would quote what the other host wrote. A write
   * that fails does not close: there may be an answer to read.
   */
  private void tend(HttpConnection connection) {
    Channel channel = ((ConnectionBase) connection).channel();
    AnswerDecoder.install(channel.pipeline(), tuning.idleNanos());
    channel.config().setAutoClose(false);
    connection.exceptionHandler(failure -> {});
    long timer =
        vertx.setTimer(
            tuning.connectionAge().toMillis(),
            id -> connection.shutdown(LONGEST_ATTEMPT_SECONDS, TimeUnit.SECONDS));
    connection.closeHandler(closed -> vertx.cancelTimer(timer));
  }
}
