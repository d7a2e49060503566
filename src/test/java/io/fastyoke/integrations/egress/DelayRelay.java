package io.fastyoke.integrations.egress;

import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;

/**
 * A long way to a host: what either side says, and that it has closed, arrives at the other after a
 * while. Connections are made at once, as by a load balancer near the client.
 */
final class DelayRelay implements AutoCloseable {
  private final Vertx vertx = Vertx.vertx();
  private final NetClient client =
      vertx.createNetClient(new NetClientOptions().setTcpNoDelay(true));
  private final long millis;
  private final NetServer server;

  DelayRelay(int port, long millis) {
    this.millis = millis;
    this.server =
        vertx
            .createNetServer(new NetServerOptions().setAcceptBacklog(4096).setTcpNoDelay(true))
            .connectHandler(near -> join(near, port))
            .listen(0, "127.0.0.1")
            .toCompletionStage()
            .toCompletableFuture()
            .join();
  }

  int port() {
    return server.actualPort();
  }

  private void join(NetSocket near, int port) {
    near.pause();
    client
        .connect(port, "127.0.0.1")
        .onSuccess(
            far -> {
              carry(near, far);
              carry(far, near);
              near.resume();
            })
        .onFailure(gone -> near.close());
  }

  private void carry(NetSocket from, NetSocket to) {
    from.exceptionHandler(reset -> {});
    from.handler(data -> vertx.setTimer(millis, late -> to.write(data)));
    from.closeHandler(closed -> vertx.setTimer(millis, late -> to.close()));
  }

  @Override
  public void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }
}
