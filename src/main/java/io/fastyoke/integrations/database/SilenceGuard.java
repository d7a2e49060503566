package io.fastyoke.integrations.database;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.handler.timeout.IdleStateHandler;

/**
 * Ends a connection to a server that has vanished without a word, or the way to it. TCP would wait
 * for a quarter of an hour, and statements that nobody answers would hold their connections, and
 * whoever waits for them, for as long.
 *
 * <p>The driver's own idle timeout does not do it: the driver says goodbye, and waits for the
 * server's.
 */
final class SilenceGuard extends IdleStateHandler {
  /**
   * In seconds without a byte from the server. Longer than any statement takes, and short enough to
   * be back within the 10 s that are promised.
   */
  private static final int PATIENCE = 5;

  /** So many times in a row nothing was asked and nothing heard; an idle connection may go. */
  private static final int QUIET_TIMES = 12;

  private boolean asked;
  private int quiet;

  SilenceGuard() {
    super(PATIENCE, 0, 0);
  }

  @Override
  public void write(ChannelHandlerContext context, Object message, ChannelPromise promise)
      throws Exception {
    asked = true;
    super.write(context, message, promise);
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
    asked = false;
    quiet = 0;
    super.channelRead(context, message);
  }

  @Override
  protected void channelIdle(ChannelHandlerContext context, IdleStateEvent event) {
    quiet++;
    if (asked || quiet == QUIET_TIMES) {
      // From here on the driver is not asked: it would wait for the server again.
      context.close();
    }
  }
}
