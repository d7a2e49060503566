package io.fastyoke.integrations.errors;

import io.netty.bootstrap.ChannelInitializerExtension;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Adds the error envelope to answers with an empty body that are written below the router: by the
 * HTTP decoder (an invalid Content-Length or header) and by the framework's check of the request
 * target. Vert.x has a handler for the former ({@code HttpServer.invalidRequestHandler}), but
 * Quarkus does not expose its server, so a Netty handler recognises the answer when it is written.
 *
 * <p>Found by Netty when {@link #turnOn} was called before its first connection.
 */
@RegisterForReflection
public final class BareRefusals extends ChannelInitializerExtension {
  /** Bytes; longer answers are the service's own, or have a body. */
  private static final int MAX_LENGTH = 160;

  private static final Pattern BARE =
      Pattern.compile(
          "HTTP/1\\.[01] (400|414|431) [^\\r\\n]*\\r\\n(?:connection: [a-z-]+\\r\\n)?"
              + "content-length: 0\\r\\n(?:connection: [a-z-]+\\r\\n)?\\r\\n",
          Pattern.CASE_INSENSITIVE);

  private static final Map<Integer, String> REASONS =
      Map.of(
          400, "Bad Request", 414, "Request-URI Too Long", 431, "Request Header Fields Too Large");

  /** Called by Netty. */
  public BareRefusals() {}

  /** Lets Netty look for extensions; has an effect only before its first connection. */
  public static void turnOn() {
    System.setProperty(EXTENSIONS_SYSTEM_PROPERTY, "serviceload");
  }

  @Override
  public void postInitializeServerChildChannel(Channel channel) {
    channel.pipeline().addFirst(new Enveloping());
  }

  /** The answer to send instead; null to leave it unchanged. */
  static @Nullable String replacement(String answer) {
    Matcher bare = BARE.matcher(answer);
    if (!bare.matches()) {
      return null;
    }
    int status = Integer.parseInt(bare.group(1));
    ApiException problem = StatusProblems.of(status);
    String body =
        new JsonObject()
            .put("error", problem.code().wire())
            .put("message", problem.getMessage())
            .put("details", new JsonObject())
            .encode();
    // Always closed: a request that cannot be parsed has no known end. An answer to HEAD has no
    // Content-Length, so the pattern does not match it.
    return "HTTP/1.1 "
        + status
        + " "
        + REASONS.get(status)
        + "\r\nContent-Type: application/json\r\nX-Content-Type-Options: nosniff\r\n"
        + "Connection: close\r\nContent-Length: "
        + body.length()
        + "\r\n\r\n"
        + body;
  }

  private static final class Enveloping extends ChannelOutboundHandlerAdapter {
    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // the caller holds the promise
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
      String better =
          message instanceof ByteBuf bytes && bytes.readableBytes() <= MAX_LENGTH
              ? replacement(bytes.toString(StandardCharsets.ISO_8859_1))
              : null;
      if (better == null) {
        context.write(message, promise);
        return;
      }
      ((ByteBuf) message).release();
      ByteBuf answer = Unpooled.copiedBuffer(better, StandardCharsets.ISO_8859_1);
      context.write(answer, promise.unvoid().addListener(ChannelFutureListener.CLOSE));
    }
  }
}
