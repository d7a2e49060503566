package io.fastyoke.integrations.egress;

import io.fastyoke.integrations.egress.answer.AnswerHead;
import io.fastyoke.integrations.egress.answer.Unreadable;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.AttributeKey;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.net.ProxyOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.concurrent.TimeUnit;

/**
 * Opens a tunnel through a proxy for plain http (RFC 9110, section 9.3.6), as the client does for
 * https. Bytes that come through the tunnel are the host's; the proxy's own answer is never taken
 * for the host's.
 */
@SuppressWarnings("FutureReturnValueIgnored") // writes and closes here need no follow-up
final class Tunnel extends ChannelInboundHandlerAdapter {
  private static final AttributeKey<Tunnel> KEY = AttributeKey.valueOf("fastyoke.tunnel");
  private static final int SUCCESSES = 2;

  private AnswerHead answer = new AnswerHead();
  private final Promise<Void> opened = Promise.promise();

  /** The proxy refused the tunnel, or answered with something that is not HTTP. */
  static final class TunnelRefused extends IOException {
    private static final long serialVersionUID = 1L;

    private final int status;

    TunnelRefused(int status) {
      super("no tunnel");
      this.status = status;
    }

    int status() {
      return status;
    }
  }

  private Tunnel() {}

  /**
   * Opens a tunnel, unless the connection has one.
   *
   * @param authority host and port at its other end
   * @param millis how long to wait for the proxy's answer
   */
  static Future<Void> open(Channel channel, String authority, ProxyOptions proxy, long millis) {
    Tunnel tunnel = new Tunnel();
    if (!channel.attr(KEY).compareAndSet(null, tunnel)) {
      return Future.succeededFuture();
    }
    channel.eventLoop().execute(() -> tunnel.begin(channel, authority, proxy, millis));
    return tunnel.opened.future();
  }

  private void begin(Channel channel, String authority, ProxyOptions proxy, long millis) {
    if (!channel.isActive()) {
      opened.tryFail(new IOException("closed"));
      return;
    }
    channel.pipeline().addFirst("tunnel", this);
    ChannelHandlerContext ctx = channel.pipeline().context(this);
    ctx.writeAndFlush(
        ByteBufUtil.encodeString(
            ctx.alloc(),
            java.nio.CharBuffer.wrap(request(authority, proxy)),
            StandardCharsets.ISO_8859_1));
    ctx.executor()
        .schedule(
            () -> {
              if (opened.tryFail(new IOException("late"))) {
                ctx.close();
              }
            },
            millis,
            TimeUnit.MILLISECONDS);
  }

  private static String request(String authority, ProxyOptions proxy) {
    String request = "CONNECT " + authority + " HTTP/1.1\r\nhost: " + authority + "\r\n";
    if (proxy.getUsername() != null) {
      byte[] login =
          (proxy.getUsername() + ":" + proxy.getPassword()).getBytes(StandardCharsets.UTF_8);
      String encoded = Base64.getEncoder().encodeToString(login);
      request += "proxy-authorization: Basic " + encoded + "\r\n";
    }
    return request + "\r\n";
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object msg) throws Exception {
    if (!(msg instanceof ByteBuf in)) {
      super.channelRead(ctx, msg);
      return;
    }
    try {
      while (in.isReadable() && answer.take(in)) {
        int status = answer.status();
        if (status >= 200) {
          decide(ctx, status, in);
          return;
        }
        answer = new AnswerHead();
      }
    } catch (Unreadable e) {
      opened.tryFail(new TunnelRefused(0));
      ctx.close();
    } finally {
      in.release();
    }
  }

  private void decide(ChannelHandlerContext ctx, int status, ByteBuf rest) {
    if (status / 100 != SUCCESSES || rest.isReadable()) {
      opened.tryFail(new TunnelRefused(status));
      ctx.close();
    } else {
      ctx.pipeline().remove(this);
      opened.tryComplete();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) throws Exception {
    opened.tryFail(new TunnelRefused(0));
    super.channelInactive(ctx);
  }
}
