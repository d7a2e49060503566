package io.fastyoke.integrations.database;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.handler.timeout.IdleStateHandler;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

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

  /** In seconds. A connection that nobody has used for so long may go. */
  private static final int IDLE = 60;

  /** A silent connection is rarely alone: what would be asked on the next one is lost as well. */
  private final Set<SilenceGuard> company;

  private @Nullable ChannelHandlerContext context;
  private boolean asked;
  private long heardAt = System.nanoTime();

  /**
   * @param company the guards of all connections to the same server
   */
  SilenceGuard(Set<SilenceGuard> company) {
    super(PATIENCE, 0, 0);
    this.company = company;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) throws Exception {
    this.context = context;
    company.add(this);
    super.handlerAdded(context);
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext context) throws Exception {
    company.remove(this);
    super.handlerRemoved(context);
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
    heardAt = System.nanoTime();
    super.channelRead(context, message);
  }

  @Override
  protected void channelIdle(ChannelHandlerContext context, IdleStateEvent event) {
    if (asked) {
      company.forEach(guard -> guard.endAfter(PATIENCE - 1));
    } else {
      endAfter(IDLE);
    }
  }

  /** Ends the connection if nothing has been heard on it for so many seconds. */
  private void endAfter(int silence) {
    ChannelHandlerContext own = Objects.requireNonNull(context);
    own.executor()
        .execute(
            () -> {
              if (System.nanoTime() - heardAt >= TimeUnit.SECONDS.toNanos(silence)) {
                // From here on the driver is not asked: it would wait for the server again.
                var unused = own.close();
              }
            });
  }
}
