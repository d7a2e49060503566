package io.fastyoke.integrations.database;

import io.netty.channel.ChannelPipeline;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.impl.CloseFuture;
import io.vertx.core.impl.VertxInternal;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.impl.NetClientImpl;
import io.vertx.pgclient.impl.PgConnectionFactory;
import io.vertx.pgclient.spi.PgDriver;
import io.vertx.sqlclient.SqlConnectOptions;
import io.vertx.sqlclient.spi.ConnectionFactory;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** PostgreSQL's driver, with a {@link SilenceGuard} on each connection from its first byte on. */
final class GuardedDriver extends PgDriver {
  @Override
  public ConnectionFactory createConnectionFactory(
      Vertx vertx, Supplier<? extends Future<? extends SqlConnectOptions>> server) {
    return new Connections((VertxInternal) vertx, server);
  }

  private static final class Connections extends PgConnectionFactory {
    private @Nullable NetClient client;

    private Connections(
        VertxInternal vertx, Supplier<? extends Future<? extends SqlConnectOptions>> server) {
      super(vertx, server);
    }

    /** The options are those of the pool, and the same every time. */
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

  private static final class GuardedClient extends NetClientImpl {
    private final Set<SilenceGuard> guards = ConcurrentHashMap.newKeySet();

    private GuardedClient(VertxInternal vertx, NetClientOptions options, CloseFuture owner) {
      super(vertx, null, options, owner);
      owner.add(this);
    }

    @Override
    protected void initChannel(ChannelPipeline pipeline) {
      super.initChannel(pipeline);
      pipeline.addLast(new SilenceGuard(guards));
    }
  }
}
