package io.fastyoke.integrations.egress;

import io.fastyoke.integrations.egress.answer.AnswerDecoder;
import io.fastyoke.integrations.egress.answer.IdleLimit;
import io.netty.channel.Channel;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.net.impl.ConnectionBase;
import java.time.Duration;

/**
 * A connection that the pool has lent to one attempt, together with the request that the HTTP
 * client will write to it. It has to be given back: by reading the answer to its end, or by {@link
 * #release}; otherwise the pool counts it as taken for ever.
 */
final class LeasedConnection {
  private final HttpClientRequest request;
  private final Channel channel;

  LeasedConnection(HttpClientRequest request) {
    this.request = request;
    this.channel = ((ConnectionBase) request.connection()).channel();
  }

  HttpClientRequest request() {
    return request;
  }

  Channel channel() {
    return channel;
  }

  AnswerDecoder decoder() {
    return AnswerDecoder.of(channel);
  }

  /** Records how long connecting took, if the connection was made for this lease. */
  void recordConnectTime(long beganNanos) {
    IdleLimit idle = decoder().idle();
    if (idle.isNewerThan(beganNanos)) {
      idle.connectedIn(Duration.ofNanos(System.nanoTime() - beganNanos).toMillis());
    }
  }

  /**
   * Whether the connection was kept alive from before.
   *
   * @param connectingSince {@link System#nanoTime()} at which this attempt began to connect
   */
  boolean isReused(long connectingSince) {
    AnswerDecoder decoder = decoder();
    return decoder.requests() > 0 || !decoder.idle().isNewerThan(connectingSince);
  }

  /** Whether the other side has closed the connection, or it was kept alive for too long. */
  boolean isStale(boolean reused) {
    return !channel.isActive() || (reused && decoder().idle().isOver());
  }

  /** Gives the lease back. Nothing was written. */
  void release() {
    request.reset();
  }

  /**
   * Gives the lease back and closes the channel at once. The client's own close would wait until
   * everything is written, which a host that does not read never lets happen.
   */
  @SuppressWarnings("FutureReturnValueIgnored") // the close needs no follow-up
  void releaseAndClose() {
    request.reset();
    ((ConnectionBase) request.connection()).channelHandlerContext().close();
  }

  /** Gives the lease of a stale connection back, and closes the channel. */
  @SuppressWarnings("FutureReturnValueIgnored") // the close needs no follow-up
  void discard() {
    request.reset();
    channel.close();
  }

  /** Runs a task after the current task of the connection's event loop. */
  void afterCurrentTask(Runnable task) {
    channel.eventLoop().execute(task);
  }
}
