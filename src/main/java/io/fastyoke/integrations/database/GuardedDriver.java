package io.fastyoke.integrations.database;

import io.fastyoke.integrations.database.transport.ChannelBindingGuard;
import io.fastyoke.integrations.database.transport.DeadPeerTimeout;
import io.fastyoke.integrations.database.url.DatabaseUrl;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.impl.CloseFuture;
import io.vertx.core.impl.ContextInternal;
import io.vertx.core.impl.VertxInternal;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.ProxyOptions;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.net.impl.NetClientImpl;
import io.vertx.core.net.impl.NetSocketImpl;
import io.vertx.core.net.impl.VertxHandler;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.impl.PgConnectionFactory;
import io.vertx.pgclient.spi.PgDriver;
import io.vertx.sqlclient.SqlConnectOptions;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.spi.ConnectionFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The PostgreSQL driver, with a {@link DeadPeerTimeout} on each connection, failover between
 * several hosts ({@link HostFailover}), and Unix sockets on any event loop.
 */
final class GuardedDriver extends PgDriver {
  private final DatabaseUrl url;
  private final Duration idle;
  private final Set<DeadPeerTimeout> guards = ConcurrentHashMap.newKeySet();
  private volatile @Nullable ConnectionFactory connections;

  /**
   * @param idle after which an unused connection is closed
   */
  GuardedDriver(DatabaseUrl url, Duration idle) {
    this.url = url;
    this.idle = idle;
  }

  @Override
  public ConnectionFactory createConnectionFactory(
      Vertx vertx, Supplier<? extends Future<? extends SqlConnectOptions>> server) {
    ConnectionFactory made = new GuardedFactory((VertxInternal) vertx, server);
    connections = made;
    return made;
  }

  /** A connection outside of the pool; the caller closes it. */
  Future<SqlConnection> connect(Context context) {
    ConnectionFactory made = connections;
    return made == null
        ? Future.failedFuture(new IllegalStateException("there is no pool yet"))
        : made.connect(context);
  }

  /** Closes all connections, even those in use; the pool makes new ones. */
  void closeAll() {
    guards.forEach(DeadPeerTimeout::end);
  }

  private final class GuardedFactory extends PgConnectionFactory {
    private final HostFailover hosts = new HostFailover(url);
    private @Nullable NetClient client;

    private GuardedFactory(
        VertxInternal vertx, Supplier<? extends Future<? extends SqlConnectOptions>> server) {
      super(vertx, server);
    }

    @Override
    public Future<SqlConnection> connect(Context context, SqlConnectOptions options) {
      PgConnectOptions given = PgConnectOptions.wrap(options);
      return hosts.connect(
          host ->
              super.connect(
                  context,
                  // The copy constructor omits setUseLayer7Proxy.
                  host.isSocket()
                      ? given
                      : new PgConnectOptions(given)
                          .setHost(host.name())
                          .setPort(host.port())
                          .setUseLayer7Proxy(given.getUseLayer7Proxy())));
    }

    /** Except for the host, the options are the same for each connection of the pool. */
    @Override
    protected synchronized NetClient netClient(NetClientOptions options) {
      if (client == null) {
        NetClientOptions own = new NetClientOptions(options).setReconnectAttempts(0);
        if (own.getHostnameVerificationAlgorithm() == null) {
          own.setHostnameVerificationAlgorithm("");
        }
        client = new GuardedClient(vertx, own, clientCloseFuture);
      }
      return client;
    }
  }

  private final class GuardedClient extends NetClientImpl {
    private GuardedClient(VertxInternal vertx, NetClientOptions options, CloseFuture owner) {
      super(vertx, null, options, owner);
      owner.add(this);
    }

    @Override
    protected void initChannel(ChannelPipeline pipeline) {
      super.initChannel(pipeline);
      pipeline.addLast(new DeadPeerTimeout(guards, idle));
      if (url.bound()) {
        pipeline.addLast(new ChannelBindingGuard());
      }
    }

    @Override
    public void connectInternal(
        @Nullable ProxyOptions proxy,
        SocketAddress remote,
        SocketAddress peer,
        @Nullable String serverName,
        boolean ssl,
        boolean useAlpn,
        boolean registerWriteHandlers,
        Promise<NetSocket> connected,
        ContextInternal context,
        int remainingAttempts) {
      DatabaseUrl.Host host = url.hosts().get(0);
      if (host.isSocket()) {
        connectSocket(host, remote, connected, context);
        return;
      }
      super.connectInternal(
          proxy,
          remote,
          peer,
          serverName,
          ssl,
          useAlpn,
          registerWriteHandlers,
          connected,
          context,
          remainingAttempts);
    }

    /** Netty can do it since JDK 16; Vert.x 4 cannot without a library of the system's own. */
    private void connectSocket(
        DatabaseUrl.Host host,
        SocketAddress remote,
        Promise<NetSocket> connected,
        ContextInternal context) {
      new Bootstrap()
          .group(context.nettyEventLoop())
          .channelFactory(GuardedDriver::socketChannel)
          .handler(
              new ChannelInitializer<>() {
                @Override
                protected void initChannel(Channel channel) {
                  GuardedClient.this.initChannel(channel.pipeline());
                }
              })
          .connect(UnixDomainSocketAddress.of(host.socket()))
          .addListener(
              (io.netty.channel.ChannelFuture made) -> {
                if (made.isSuccess()) {
                  handle(made.channel(), remote, connected, context);
                } else {
                  context.emit(made.cause(), connected::tryFail);
                }
              });
    }

    private void handle(
        Channel channel,
        SocketAddress remote,
        Promise<NetSocket> connected,
        ContextInternal context) {
      VertxHandler<NetSocketImpl> handler =
          VertxHandler.create(made -> new UnixConnection(context, made, remote));
      handler.addHandler(connected::complete);
      channel.pipeline().addLast("handler", handler);
    }
  }

  /** Reports a remote address: the driver's tracing fails on the path of a socket. */
  private static final class UnixConnection extends NetSocketImpl {
    private final SocketAddress remote;

    private UnixConnection(
        ContextInternal context, ChannelHandlerContext channel, SocketAddress remote) {
      super(context, channel, remote, null, null, "", null, false);
      this.remote = remote;
    }

    @Override
    public SocketAddress remoteAddress() {
      return remote;
    }
  }

  private static NioDomainSocketChannel socketChannel() {
    try {
      return new NioDomainSocketChannel(null, SocketChannel.open(StandardProtocolFamily.UNIX));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
