package io.fastyoke.integrations.egress.answer;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How long a connection may lie idle: so short that the host is not about to close it when the next
 * request arrives there. The host's clock starts before ours, by half a round trip, and a request
 * takes another half to get there, so a round trip is taken off: the time that connecting took, or
 * that the quickest answer did, should something near have made the connection for a host far away.
 */
public final class IdleLimit {
  /** The shortest time after which everyday servers close without having said so. */
  private static final long MOST_MILLIS = 2_000;

  /** Kept from what a host announces. */
  private static final long SPARE_MILLIS = 1_000;

  /** For what a busy machine adds on either side. */
  private static final long MARGIN_MILLIS = 50;

  /** Of a connection that somebody asked for and somebody else got. */
  private static final long UNKNOWN_CONNECT_MILLIS = 250;

  /** An answer that takes longer tells of the host's work, and not of the way. */
  private static final long LONGEST_WAY_MILLIS = 200;

  private static final Pattern TIMEOUT =
      Pattern.compile("(?:^|[,;\\s])timeout\\s*=\\s*\"?([0-9]{1,9})", Pattern.CASE_INSENSITIVE);

  private final LongSupplier nanos;
  private final long madeAt = System.nanoTime();
  private volatile long connectMillis = UNKNOWN_CONNECT_MILLIS;
  private volatile long answerMillis = LONGEST_WAY_MILLIS;
  private volatile long announcedMillis = Long.MAX_VALUE;
  private volatile long since;
  private volatile boolean counting;
  private @Nullable ScheduledFuture<?> timer;

  /**
   * @param nanos {@link System#nanoTime()}
   */
  IdleLimit(LongSupplier nanos) {
    this.nanos = nanos;
  }

  /** Says how long connecting took, with the handshake of TLS. */
  public void connectedIn(long millis) {
    connectMillis = millis;
  }

  /** Says how long it took until the first byte of an answer was there. */
  void answeredIn(long nanos) {
    answerMillis = Math.min(answerMillis, TimeUnit.NANOSECONDS.toMillis(nanos));
  }

  /** Whether the connection was made after a {@link System#nanoTime()}. */
  public boolean isNewerThan(long nanoTime) {
    return madeAt - nanoTime > 0;
  }

  /** Whether the connection may be kept at all, by what the host says of it in its answer. */
  boolean allows(HttpHeaders headers) {
    for (String announced : headers.getAll("Keep-Alive")) {
      Matcher seconds = TIMEOUT.matcher(announced);
      if (seconds.find()) {
        announcedMillis = Long.parseLong(seconds.group(1)) * 1_000;
      }
    }
    return millis() > 0;
  }

  /** It is idle from now on. On the connection's event loop. */
  void begin(ChannelHandlerContext ctx) {
    since = nanos.getAsLong();
    counting = true;
    if (timer == null) {
      arm(ctx, Math.max(1, millis()));
    }
  }

  /** It is at work, or gone. */
  void end() {
    counting = false;
  }

  /** Whether it has been idle for too long. */
  public boolean isOver() {
    return counting && idleMillis() >= millis();
  }

  /** One timer per connection and not per answer: it looks whether it is still wanted. */
  private void arm(ChannelHandlerContext ctx, long millis) {
    timer = ctx.executor().schedule(() -> ring(ctx), millis, TimeUnit.MILLISECONDS);
  }

  @SuppressWarnings("FutureReturnValueIgnored") // nobody waits for the close
  private void ring(ChannelHandlerContext ctx) {
    timer = null;
    if (isOver()) {
      ctx.close();
    } else if (counting) {
      arm(ctx, Math.max(1, millis() - idleMillis()));
    }
  }

  private long millis() {
    long way = Math.max(connectMillis, answerMillis);
    return Math.min(announcedMillis - SPARE_MILLIS, MOST_MILLIS) - way - MARGIN_MILLIS;
  }

  private long idleMillis() {
    return TimeUnit.NANOSECONDS.toMillis(nanos.getAsLong() - since);
  }
}
