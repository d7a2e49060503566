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
 * Reads the answers of one connection, in place of the client's own decoder: more of what servers
 * get wrong is put up with, interim answers are passed over, and it is decided whether the
 * connection may carry another request. It may after an answer below 400 that was read to its end
 * without anything odd in it, to a request that was sent to its end; so nothing that a host writes
 * can become the answer to a later request.
 *
 * <p>There is one request at a time. The client is told to let a connection go by the version:
 * HTTP/1.0 without {@code Connection}.
 */
@SuppressWarnings("FutureReturnValueIgnored") // nobody waits for a connection to be closed
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
   * Puts it into a client's new connection.
   *
   * @param nanos {@link System#nanoTime()}, for how long the connection is idle
   */
  public static void install(ChannelPipeline pipeline, LongSupplier nanos) {
    AnswerDecoder decoder = new AnswerDecoder(new IdleLimit(nanos));
    pipeline.channel().attr(KEY).set(decoder);
    pipeline.replace("codec", "codec", new HttpRequestEncoder());
    pipeline.addAfter("codec", "answers", decoder);
  }

  /** The one of a connection. */
  public static AnswerDecoder of(Channel channel) {
    return channel.attr(KEY).get();
  }

  /** How long the connection may lie idle. */
  public IdleLimit idle() {
    return idle;
  }

  /** How many requests were written to it. */
  public int requests() {
    return requests.get();
  }

  /** Whether a byte has come back since the last request was written. */
  public boolean begun() {
    return begun;
  }

  /** The final status of the answer to the last request; 0 until its line has arrived. */
  public int status() {
    return status;
  }

  /** What the connection failed of, if it did. */
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
        ctx.close(); // nobody has asked for it
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
      throw new Unreadable("nobody has asked for another protocol");
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
    tell(ctx, complete);
    if (body.kind() == Framing.Kind.UNKNOWN) {
      throw new Unreadable("no telling how long the body is");
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

  private void tell(ChannelHandlerContext ctx, AnswerHead known) {
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
    if (chunked.over()) {
      reusable &= !chunked.irregular();
      finish(ctx);
    }
  }

  /** After the client knows, who may hand the connection on: whoever gets it looks at it first. */
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

  /** If there is a status, it counts; the rest is said to be broken. */
  private void unreadable(ChannelHandlerContext ctx, Throwable what) {
    tellWhatIsKnown(ctx);
    awaited = false;
    ctx.fireExceptionCaught(what);
    ctx.close();
  }

  private void tellWhatIsKnown(ChannelHandlerContext ctx) {
    AnswerHead known = head;
    if (awaited && known != null && known.status() >= FIRST_FINAL) {
      head = null;
      reusable = false;
      status = known.status();
      tell(ctx, known);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) throws Exception {
    boolean byConnection = framing != null && framing.kind() == Framing.Kind.CONNECTION;
    if (awaited && head == null && byConnection) {
      awaited = false;
      ctx.fireChannelRead(LastHttpContent.EMPTY_LAST_CONTENT);
    }
    tellWhatIsKnown(ctx);
    idle.end();
    super.channelInactive(ctx);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) throws Exception {
    failure = cause;
    tellWhatIsKnown(ctx);
    super.exceptionCaught(ctx, cause);
  }
}
