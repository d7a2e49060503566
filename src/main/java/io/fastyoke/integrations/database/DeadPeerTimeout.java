package io.fastyoke.integrations.database;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Future;
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
final class DeadPeerTimeout extends ChannelDuplexHandler {
  /**
   * How long the server may take to its first byte. Longer than any statement takes, and short
   * enough to be back within the 10 s that are promised.
   */
  private static final long PATIENCE = TimeUnit.SECONDS.toNanos(4);

  private static final int SECONDS_BETWEEN_LOOKS = 1;

  /** A silent connection is rarely alone: what would be asked on the next one is lost as well. */
  private final Set<DeadPeerTimeout> company;

  /** Unused for so long, or left in the middle of an answer, a connection may go. */
  private final long idle;

  private @Nullable ChannelHandlerContext context;
  private @Nullable Future<?> looks;
  private boolean asked;
  private long askedAt;
  private long heardAt;

  /**
   * @param company the guards of all connections to the same server
   * @param idle unused for so long, the connection ends
   */
  DeadPeerTimeout(Set<DeadPeerTimeout> company, Duration idle) {
    this.company = company;
    this.idle = idle.toNanos();
  }

  @Override
  public void handlerAdded(ChannelHandlerContext added) {
    context = added;
    heardAt = System.nanoTime();
    company.add(this);
    looks =
        added
            .executor()
            .scheduleWithFixedDelay(
                this::look, SECONDS_BETWEEN_LOOKS, SECONDS_BETWEEN_LOOKS, TimeUnit.SECONDS);
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext removed) {
    company.remove(this);
    if (looks != null) {
      looks.cancel(false);
    }
  }

  @Override
  public void write(ChannelHandlerContext channel, Object message, ChannelPromise promise) {
    if (!asked) {
      asked = true;
      askedAt = System.nanoTime();
    }
    var unused = channel.write(message, promise);
  }

  @Override
  public void channelRead(ChannelHandlerContext channel, Object message) {
    asked = false;
    heardAt = System.nanoTime();
    channel.fireChannelRead(message);
  }

  private void look() {
    long now = System.nanoTime();
    if (asked && now - askedAt >= PATIENCE) {
      long since = askedAt;
      company.forEach(guard -> guard.endIfSilentSince(since));
    } else if (now - heardAt >= idle) {
      endIfSilentSince(now);
    }
  }

  /** Ends the connection, whatever it is doing; from any thread. */
  void end() {
    ChannelHandlerContext channel = context;
    if (channel != null) {
      channel
          .executor()
          .execute(
              () -> {
                var unused = channel.close();
              });
    }
  }

  private void endIfSilentSince(long time) {
    ChannelHandlerContext channel = context;
    if (channel != null) {
      channel
          .executor()
          .execute(
              () -> {
                if (heardAt - time < 0) {
                  // From here on the driver is not asked: it would wait for the server again.
                  var unused = channel.close();
                }
              });
    }
  }
}
