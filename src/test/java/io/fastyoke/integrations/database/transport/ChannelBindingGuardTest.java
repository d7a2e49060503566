package io.fastyoke.integrations.database.transport;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A server with a proof is DatabaseAddressIT's; here is somebody in between, who has none. */
class ChannelBindingGuardTest {
  private final EmbeddedChannel channel = new EmbeddedChannel(new ChannelBindingGuard());

  /** Cleartext or MD5, and SCRAM that is bound to nothing. */
  @ParameterizedTest
  @ValueSource(strings = {"secret\0", "md5abc\0", "SCRAM-SHA-256\0n,,n=,r=x", ""})
  void noOtherProofIsLetOut(String proof) {
    hear("S", authentication(10, "SCRAM-SHA-256-PLUS\0SCRAM-SHA-256\0\0"));
    assertThatThrownBy(() -> channel.writeOutbound(message('p', proof.getBytes(US_ASCII))))
        .hasMessageContaining("channel_binding=require");
    assertThat(channel.outboundMessages()).isEmpty();
    assertThat(channel.isOpen()).isFalse();
  }

  /** With the whole exchange, without the server's part of it, and without being asked at all. */
  @Test
  void onlyAServerThatHasProvedItselfIsTrusted() {
    hear("S", authentication(10, "SCRAM-SHA-256-PLUS\0\0"));
    channel.writeOutbound(message('p', "SCRAM-SHA-256-PLUS\0p=…".getBytes(US_ASCII)));
    hear("", authentication(11, "r=x"));
    ByteBuf end = Unpooled.wrappedBuffer(authentication(12, "v=x"), authentication(0, ""));
    while (end.isReadable()) {
      channel.writeInbound(end.readBytes(1));
    }
    assertThat(channel.isOpen()).isTrue();
    assertThat(channel.pipeline().get(ChannelBindingGuard.class)).isNull();

    EmbeddedChannel unproved = new EmbeddedChannel(new ChannelBindingGuard());
    unproved.writeOutbound(message('p', "SCRAM-SHA-256-PLUS\0p=…".getBytes(US_ASCII)));
    assertThatThrownBy(() -> unproved.writeInbound(authentication(0, "")))
        .hasMessageContaining("channel_binding=require");
    assertThat(unproved.isOpen()).isFalse();
    assertThatThrownBy(() -> channelThatHears(authentication(0, "")))
        .hasMessageContaining("channel_binding=require");
  }

  private static void channelThatHears(ByteBuf message) {
    new EmbeddedChannel(new ChannelBindingGuard()).writeInbound(message);
  }

  private void hear(String tls, ByteBuf message) {
    channel.writeInbound(Unpooled.wrappedBuffer(Unpooled.copiedBuffer(tls, US_ASCII), message));
  }

  private static ByteBuf authentication(int code, String rest) {
    ByteBuf content = Unpooled.buffer().writeInt(code);
    content.writeCharSequence(rest, US_ASCII);
    byte[] bytes = new byte[content.readableBytes()];
    content.readBytes(bytes);
    return message('R', bytes);
  }

  private static ByteBuf message(char type, byte[] content) {
    return Unpooled.buffer()
        .writeByte(type)
        .writeInt(content.length + Integer.BYTES)
        .writeBytes(content);
  }
}
