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
 * How long a connection may be idle and still be reused: shorter than the host's own limit, so that
 * the host does not close it while the next request is on its way.
 *
 * <p>The host's clock starts half a round trip before ours, and a request takes another half, so
 * one round trip is subtracted. The estimate is the larger of two times: that of connecting, and
 * that of the quickest answer (a proxy close by may connect much faster than the host answers).
 */
public final class IdleLimit {
  /** The shortest unannounced limit of common servers. */
  private static final long MAX_MILLIS = 2_000;

  /** Subtracted from the limit that a host announces. */
  private static final long ANNOUNCED_MARGIN_MILLIS = 1_000;

  /** Allows for delays on a busy machine, on either side. */
  private static final long MARGIN_MILLIS = 50;

  /** Assumed if the connection was made for one attempt and used by another. */
  private static final long UNKNOWN_CONNECT_MILLIS = 250;

  /** An answer that takes longer measures the host's work, not the round trip. */
  private static final long MAX_ROUND_TRIP_MILLIS = 200;

  private static final Pattern TIMEOUT =
      Pattern.compile("(?:^|[,;\\s])timeout\\s*=\\s*\"?([0-9]{1,9})", Pattern.CASE_INSENSITIVE);

  private final LongSupplier nanos;
  private final long madeAt = System.nanoTime();
  private volatile long connectMillis = UNKNOWN_CONNECT_MILLIS;
  private volatile long answerMillis = MAX_ROUND_TRIP_MILLIS;
  private volatile long announcedMillis = Long.MAX_VALUE;
  private volatile long since;
  private volatile boolean counting;
  private @Nullable ScheduledFuture<?> timer;

  /**
   * @param nanos clock that measures idle time, {@link System#nanoTime()}
   */
  IdleLimit(LongSupplier nanos) {
    this.nanos = nanos;
  }

  /** Records how long connecting took, with the TLS handshake. */
  public void connectedIn(long millis) {
    connectMillis = millis;
  }

  /** Records how long the first byte of an answer took. */
  void answeredIn(long nanos) {
    answerMillis = Math.min(answerMillis, TimeUnit.NANOSECONDS.toMillis(nanos));
  }

  /** Whether the connection was made after a {@link System#nanoTime()}. */
  public boolean isNewerThan(long nanoTime) {
    return madeAt - nanoTime > 0;
  }

  /** Whether the host's {@code Keep-Alive} header lets the connection be reused. */
  boolean allows(HttpHeaders headers) {
    for (String announced : headers.getAll("Keep-Alive")) {
      Matcher seconds = TIMEOUT.matcher(announced);
      if (seconds.find()) {
        announcedMillis = Long.parseLong(seconds.group(1)) * 1_000;
      }
    }
    return millis() > 0;
  }

  /** The connection becomes idle. On its event loop. */
  void begin(ChannelHandlerContext ctx) {
    since = nanos.getAsLong();
    counting = true;
    if (timer == null) {
      schedule(ctx, Math.max(1, millis()));
    }
  }

  /** The connection is in use, or closed. */
  void end() {
    counting = false;
  }

  /** Whether the connection has been idle for too long. */
  public boolean isOver() {
    return counting && idleMillis() >= millis();
  }

  /** One timer per connection, not per answer: it checks whether it is still due. */
  private void schedule(ChannelHandlerContext ctx, long millis) {
    timer = ctx.executor().schedule(() -> expire(ctx), millis, TimeUnit.MILLISECONDS);
  }

  @SuppressWarnings("FutureReturnValueIgnored") // the close needs no follow-up
  private void expire(ChannelHandlerContext ctx) {
    timer = null;
    if (isOver()) {
      ctx.close();
    } else if (counting) {
      schedule(ctx, Math.max(1, millis() - idleMillis()));
    }
  }

  private long millis() {
    long roundTrip = Math.max(connectMillis, answerMillis);
    return Math.min(announcedMillis - ANNOUNCED_MARGIN_MILLIS, MAX_MILLIS)
        - roundTrip
        - MARGIN_MILLIS;
  }

  private long idleMillis() {
    return TimeUnit.NANOSECONDS.toMillis(nanos.getAsLong() - since);
  }
}
