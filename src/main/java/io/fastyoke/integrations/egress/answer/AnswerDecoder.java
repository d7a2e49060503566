package io.fastyoke.integrations.egress.answer;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestEncoder;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.AttributeKey;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Decodes the answers of one connection, in place of the client's own decoder. It tolerates more
 * deviations from HTTP, skips interim answers, and decides whether the connection may be reused.
 *
 * <p>A connection may be reused after a regular answer below 400 that was read to its end, to a
 * request that was sent to its end. So no bytes of a host can become the answer to a later request.
 *
 * <p>Handles one request at a time. To make the client drop the connection, the decoder reports the
 * answer as HTTP/1.0 without {@code Connection}.
 */
@SuppressWarnings("FutureReturnValueIgnored") // closing a connection needs no follow-up
public final class AnswerDecoder extends ChannelDuplexHandler {
  private static final AttributeKey<AnswerDecoder> KEY = AttributeKey.valueOf("fastyoke.answers");
  private static final int SWITCHING_PROTOCOLS = 101;
  private static final int FIRST_FINAL = 200;
  private static final int FIRST_ERROR = 400;

  private final IdleLimit idle;
  private @Nullable AnswerHead head;
  private @Nullable Framing framing;
  private @Nullable Chunks chunks;
  private long left;
  private long writtenAt;
  private boolean awaited;
  private boolean requestSent;
  private boolean reusable;

  private final AtomicInteger requests = new AtomicInteger();
  private volatile boolean begun;
  private volatile int status;
  private volatile @Nullable Throwable failure;

  private AnswerDecoder(IdleLimit idle) {
    this.idle = idle;
  }

  /**
   * Installs a decoder in a client's new connection.
   *
   * @param nanos clock that measures idle time, {@link System#nanoTime()}
   */
  public static void install(ChannelPipeline pipeline, LongSupplier nanos) {
    AnswerDecoder decoder = new AnswerDecoder(new IdleLimit(nanos));
    pipeline.channel().attr(KEY).set(decoder);
    pipeline.replace("codec", "codec", new HttpRequestEncoder());
    pipeline.addAfter("codec", "answers", decoder);
  }

  /** The decoder of a connection. */
  public static AnswerDecoder of(Channel channel) {
    return channel.attr(KEY).get();
  }

  /** How long the connection may be idle. */
  public IdleLimit idle() {
    return idle;
  }

  /** How many requests were written to the connection. */
  public int requests() {
    return requests.get();
  }

  /** Whether a byte of an answer has arrived since the last request was written. */
  public boolean begun() {
    return begun;
  }

  /** The final status of the answer to the last request; 0 until its line has arrived. */
  public int status() {
    return status;
  }

  /** The exception that the connection failed with, if any. */
  public @Nullable Throwable failure() {
    return failure;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    idle.begin(ctx);
  }

  @Override
  public void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise)
      throws Exception {
    ChannelPromise written = promise;
    if (msg instanceof HttpRequest) {
      begin();
    }
    if (msg instanceof LastHttpContent) {
      written = promise.unvoid();
      written.addListener(done -> requestSent |= done.isSuccess());
    }
    super.write(ctx, msg, written);
  }

  private void begin() {
    idle.end();
    requests.incrementAndGet();
    writtenAt = System.nanoTime();
    begun = false;
    status = 0;
    awaited = true;
    requestSent = false;
    head = new AnswerHead();
    framing = null;
    chunks = null;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object msg) throws Exception {
    if (!(msg instanceof ByteBuf in)) {
      super.channelRead(ctx, msg);
      return;
    }
    try {
      if (!begun && in.isReadable()) {
        begun = true;
        idle.answeredIn(System.nanoTime() - writtenAt);
      }
      while (awaited && in.isReadable()) {
        take(ctx, in);
      }
      if (in.isReadable()) {
        ctx.close(); // bytes without a request
      }
    } catch (Unreadable e) {
      unreadable(ctx, e);
    } finally {
      in.release();
    }
  }

  private void take(ChannelHandlerContext ctx, ByteBuf in) throws Unreadable {
    AnswerHead reading = head;
    if (reading == null) {
      takeBody(ctx, in);
      return;
    }
    boolean complete = reading.take(in);
    if (reading.status() >= FIRST_FINAL) {
      status = reading.status();
    }
    if (reading.status() == SWITCHING_PROTOCOLS) {
      throw new Unreadable("unrequested protocol switch");
    }
    if (complete && reading.status() < FIRST_FINAL) {
      head = new AnswerHead(); // RFC 9110, section 15.2: interim, so the answer is still to come
    } else if (complete) {
      head = null;
      begin(ctx, reading, Framing.of(reading));
    }
  }

  private void begin(ChannelHandlerContext ctx, AnswerHead complete, Framing body)
      throws Unreadable {
    framing = body;
    left = body.length();
    chunks = body.kind() == Framing.Kind.CHUNKED ? new Chunks() : null;
    reusable =
        isKept(complete)
            && requestSent
            && complete.status() < FIRST_ERROR
            && !complete.irregular()
            && body.regular()
            && body.kind() != Framing.Kind.CONNECTION
            && idle.allows(complete.headers());
    forward(ctx, complete);
    if (body.kind() == Framing.Kind.UNKNOWN) {
      throw new Unreadable("the length of the body is ambiguous");
    }
    if (body.kind() == Framing.Kind.NONE) {
      finish(ctx);
    }
  }

  private static boolean isKept(AnswerHead head) {
    var options = Framing.listed(head.headers(), HttpHeaderNames.CONNECTION);
    return options.stream().noneMatch("close"::equalsIgnoreCase)
        && (!head.oldVersion() || options.stream().anyMatch("keep-alive"::equalsIgnoreCase));
  }

  private void forward(ChannelHandlerContext ctx, AnswerHead known) {
    known.headers().remove(HttpHeaderNames.CONNECTION).remove("Keep-Alive");
    ctx.fireChannelRead(
        new DefaultHttpResponse(
            reusable ? HttpVersion.HTTP_1_1 : HttpVersion.HTTP_1_0,
            HttpResponseStatus.valueOf(known.status()),
            known.headers()));
  }

  private void takeBody(ChannelHandlerContext ctx, ByteBuf in) throws Unreadable {
    Chunks chunked = chunks;
    if (chunked == null) {
      boolean measured = framing != null && framing.kind() == Framing.Kind.LENGTH;
      int length = measured ? (int) Math.min(left, in.readableBytes()) : in.readableBytes();
      left -= length;
      ctx.fireChannelRead(new DefaultHttpContent(in.readRetainedSlice(length)));
      if (measured && left == 0) {
        finish(ctx);
      }
      return;
    }
    ByteBuf data = chunked.next(in);
    if (data != null) {
      ctx.fireChannelRead(new DefaultHttpContent(data));
    }
    if (chunked.isComplete()) {
      reusable &= !chunked.irregular();
      finish(ctx);
    }
  }

  /** The client may reuse the connection at once; {@link IdleLimit} then already counts. */
  private void finish(ChannelHandlerContext ctx) {
    awaited = false;
    if (reusable) {
      idle.begin(ctx);
    }
    ctx.fireChannelRead(LastHttpContent.EMPTY_LAST_CONTENT);
    if (!reusable) {
      ctx.close();
    }
  }

  /** A status that has arrived is still forwarded; the rest fails. */
  private void unreadable(ChannelHandlerContext ctx, Throwable failure) {
    forwardIncompleteHead(ctx);
    awaited = false;
    ctx.fireExceptionCaught(failure);
    ctx.close();
  }

  private void forwardIncompleteHead(ChannelHandlerContext ctx) {
    AnswerHead known = head;
    if (awaited && known != null && known.status() >= FIRST_FINAL) {
      head = null;
      reusable = false;
      status = known.status();
      forward(ctx, known);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) throws Exception {
    boolean byConnection = framing != null && framing.kind() == Framing.Kind.CONNECTION;
    if (awaited && head == null && byConnection) {
      awaited = false;
      ctx.fireChannelRead(LastHttpContent.EMPTY_LAST_CONTENT);
    }
    forwardIncompleteHead(ctx);
    idle.end();
    super.channelInactive(ctx);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) throws Exception {
    failure = cause;
    forwardIncompleteHead(ctx);
    super.exceptionCaught(ctx, cause);
  }
}
