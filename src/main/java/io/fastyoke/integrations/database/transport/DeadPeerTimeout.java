package io.fastyoke.integrations.database.transport;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Closes connections to a server that no longer answers, for example after a network partition. TCP
 * would retransmit for a quarter of an hour, and statements would hold their connections and
 * callers for that time. Also closes idle connections.
 *
 * <p>The driver's own idle timeout is not enough: it sends a farewell and waits for the server.
 */
public final class DeadPeerTimeout extends ChannelDuplexHandler {
  /**
   * How long the server may take to its first byte: longer than any statement takes, and short
   * enough to recover within the documented 10 s.
   */
  private static final long ANSWER_TIMEOUT = TimeUnit.SECONDS.toNanos(4);

  private static final int CHECK_DELAY_SECONDS = 1;

  /** If one connection is dead, its siblings probably are, too; all silent ones are closed. */
  private final Set<DeadPeerTimeout> siblings;

  /** After this time without a byte from the server, the connection is closed. */
  private final long idle;

  private @Nullable ChannelHandlerContext context;
  private @Nullable Future<?> checks;
  private boolean awaiting;
  private long writtenAt;
  private long readAt;

  /**
   * @param siblings the guards of all connections to the same server
   * @param idle after which an unused connection is closed
   */
  public DeadPeerTimeout(Set<DeadPeerTimeout> siblings, Duration idle) {
    this.siblings = siblings;
    this.idle = idle.toNanos();
  }

  @Override
  public void handlerAdded(ChannelHandlerContext added) {
    context = added;
    readAt = System.nanoTime();
    siblings.add(this);
    checks =
        added
            .executor()
            .scheduleWithFixedDelay(
                this::check, CHECK_DELAY_SECONDS, CHECK_DELAY_SECONDS, TimeUnit.SECONDS);
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext removed) {
    siblings.remove(this);
    if (checks != null) {
      checks.cancel(false);
    }
  }

  @Override
  public void write(ChannelHandlerContext channel, Object message, ChannelPromise promise) {
    if (!awaiting) {
      awaiting = true;
      writtenAt = System.nanoTime();
    }
    var unused = channel.write(message, promise);
  }

  @Override
  public void channelRead(ChannelHandlerContext channel, Object message) {
    awaiting = false;
    readAt = System.nanoTime();
    channel.fireChannelRead(message);
  }

  private void check() {
    long now = System.nanoTime();
    if (awaiting && now - writtenAt >= ANSWER_TIMEOUT) {
      long since = writtenAt;
      siblings.forEach(guard -> guard.endIfSilentSince(since));
    } else if (now - readAt >= idle) {
      endIfSilentSince(now);
    }
  }

  /** Closes the connection, even in use; from any thread. */
  public void end() {
    endIf(() -> true);
  }

  private void endIfSilentSince(long time) {
    endIf(() -> readAt - time < 0);
  }

  /** Bypasses the driver, which would wait for the server again. */
  private void endIf(BooleanSupplier condition) {
    ChannelHandlerContext channel = context;
    if (channel != null) {
      channel
          .executor()
          .execute(
              () -> {
                if (condition.getAsBoolean()) {
                  var unused = channel.close();
                }
              });
    }
  }
}
