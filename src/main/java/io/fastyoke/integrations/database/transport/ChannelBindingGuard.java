package io.fastyoke.integrations.database.transport;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import javax.net.ssl.SSLException;

/**
 * Enforces {@code channel_binding=require}. The driver binds the login to the TLS channel if the
 * server offers it, but has no option to require it. This handler lets no other proof of a password
 * out, and accepts no login without the server's own proof. A man in the middle can provide
 * neither.
 *
 * @see <a
 *     href="https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNECT-CHANNEL-BINDING">libpq,
 *     34.1.2</a>
 * @see <a href="https://www.postgresql.org/docs/current/protocol-message-formats.html">PostgreSQL,
 *     54.7</a>
 */
public final class ChannelBindingGuard extends ChannelDuplexHandler {
  private static final byte PASSWORD_OR_SASL = 'p';
  private static final byte AUTHENTICATION = 'R';
  private static final int OK = 0;
  private static final int SASL_FINAL = 12;

  /** A message's type, its length, and the code of an authentication message. */
  private static final int HEAD = 9;

  private static final byte[] BOUND = "SCRAM-SHA-256-PLUS\0".getBytes(US_ASCII);

  private final ByteBuf received = Unpooled.buffer();
  private boolean awaitingTls = true;
  private boolean begun;
  private boolean proved;

  @Override
  public void write(ChannelHandlerContext channel, Object message, ChannelPromise promise) {
    if (!begun && message instanceof ByteBuf bytes && isLogin(bytes)) {
      begun = true;
      if (!isBound(bytes)) {
        bytes.release();
        promise.tryFailure(refuse(channel));
        return;
      }
    }
    var unused = channel.write(message, promise);
  }

  private static boolean isLogin(ByteBuf bytes) {
    return bytes.isReadable() && bytes.getByte(bytes.readerIndex()) == PASSWORD_OR_SASL;
  }

  private static boolean isBound(ByteBuf bytes) {
    int name = bytes.readerIndex() + 1 + Integer.BYTES;
    return bytes.writerIndex() >= name + BOUND.length
        && bytes.slice(name, BOUND.length).equals(Unpooled.wrappedBuffer(BOUND));
  }

  @Override
  public void channelRead(ChannelHandlerContext channel, Object message) {
    if (message instanceof ByteBuf bytes) {
      received.writeBytes(bytes, bytes.readerIndex(), bytes.readableBytes());
      skipTlsAnswer();
      while (received.readableBytes() >= HEAD && isWhole()) {
        if (isLoggedIn()) {
          if (!proved) {
            bytes.release();
            refuse(channel);
            return;
          }
          channel.pipeline().remove(this);
          break;
        }
      }
    }
    channel.fireChannelRead(message);
  }

  /** Skips the answer to the request for TLS, one byte before the first message. */
  private void skipTlsAnswer() {
    if (awaitingTls && received.isReadable()) {
      awaitingTls = false;
      byte answer = received.getByte(received.readerIndex());
      if (answer == 'S' || answer == 'N') {
        received.skipBytes(1);
      }
    }
  }

  private boolean isWhole() {
    return received.readableBytes() > received.getInt(received.readerIndex() + 1);
  }

  /** Consumes one message. Returns whether it completes the login. */
  private boolean isLoggedIn() {
    int at = received.readerIndex();
    boolean authentication = received.getByte(at) == AUTHENTICATION;
    int code = received.getInt(at + 1 + Integer.BYTES);
    received.skipBytes(1 + received.getInt(at + 1));
    proved |= authentication && code == SASL_FINAL;
    return authentication && code == OK;
  }

  private static SSLException refuse(ChannelHandlerContext channel) {
    SSLException refusal =
        new SSLException("the server does not bind the login to TLS (channel_binding=require)");
    channel.fireExceptionCaught(refusal);
    var unused = channel.close();
    return refusal;
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext removed) {
    received.release();
  }
}
