package io.fastyoke.integrations.egress.answer;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What comes of the bytes that servers send, however they are cut into packets. */
class AnswerDecoderTest {
  private static final String HEAD = "HTTP/1.1 200 OK|";
  private static final String BODY = "Content-Length: 2||ok";

  /**
   * What became of an answer.
   *
   * @param end {@code complete}, {@code cut} or {@code unreadable}
   * @param kept whether the connection may carry another request
   */
  private record Read(int status, List<String> headers, String body, String end, boolean kept) {}

  /** What everyday servers get wrong, and nobody is the worse for it. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        HEAD + "X: 1\nContent-Length: 2\n\nok",
        "HTTP/1.1 200 OK\nX: 1|Content-Length: 2||ok",
        "HTTP/1.1 200 OK\r|X: 1\r|Content-Length: 2\r|\r|ok",
        HEAD + "X: 1|Content-Length: 2|Content-Length: 2||ok",
        HEAD + "X: 1|Content-Length: 2, 2||ok",
        HEAD + "this is no header|X: 1|" + BODY,
        HEAD + "<b>Warning</b>: about line 7|X: 1|" + BODY,
        HEAD + ": no name|X: 1|" + BODY,
        HEAD + "X : 1|" + BODY,
        HEAD + " a line of white space|X: 1|" + BODY,
        HEAD + "X:|\t 1|" + BODY,
        "HTTP/1.1 200 |X: 1|" + BODY,
        "HTTP/1.1 200|X: 1|" + BODY,
        "HTTP/1.1  200\tOK|X: 1|" + BODY,
        "HTTP/1.1 200 \u00c4rger|X: 1|" + BODY,
        "http/1.1 200 OK|X: 1|" + BODY,
        "HTTP/1.0 200 OK|X: 1|" + BODY,
        "HTTP/1.7 200 OK|X: 1|" + BODY,
        "||\n" + HEAD + "X: 1|" + BODY,
        "HTTP/1.1 100 Continue||" + HEAD + "X: 1|" + BODY,
        "HTTP/1.1 102 Processing|A: b||HTTP/1.1 103 X||HTTP/1.1 104||" + HEAD + "X: 1|" + BODY,
        HEAD + "X: 1|Transfer-Encoding: chunked||2|ok|0||",
        HEAD + "X: 1|transfer-encoding: Chunked||1;a=b|o|1 |k|000|T: u||",
        HEAD + "X: 1|Transfer-Encoding: chunked\n\n2\nok\n0\n\n",
        HEAD + "X: 1|Content-Length: 9|Transfer-Encoding: chunked||2|ok|0||",
        HEAD + "X: 1|Transfer-Encoding: chunked|Transfer-Encoding: chunked||2|ok|0||",
        HEAD + "X: 1|Transfer-Encoding: identity|" + BODY,
        "HTTP/1.0 200 OK|X: 1|Transfer-Encoding: chunked||2|ok|0||",
      })
  void whatIsPutUpWith(String answer) {
    Read read = read(answer, List.of());
    assertThat(read.status()).isEqualTo(200);
    assertThat(read.headers()).contains("X=1");
    assertThat(read.body()).isEqualTo("ok");
    assertThat(read.end()).isEqualTo("complete");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        HEAD + BODY,
        HEAD + "Transfer-Encoding: chunked||2|ok|0||",
        HEAD + "Content-Length: 0||",
        "HTTP/1.1 204 No Content||",
        "HTTP/1.1 204 No Content|Content-Length: 5||",
        "HTTP/1.1 302 Found|Location: /x|Content-Length: 0||",
        "HTTP/1.1 304 Not Modified|Content-Length: 5||",
        "HTTP/1.0 200 OK|Connection: Keep-Alive|" + BODY,
        "HTTP/1.1 103 X||" + HEAD + BODY,
        HEAD + "Keep-Alive: timeout=5, max=100|" + BODY,
      })
  void afterThisTheConnectionIsUsedAgain(String answer) {
    assertThat(read(answer, List.of()).kept()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 400 Bad|" + BODY,
        "HTTP/1.1 401 No|" + BODY,
        "HTTP/1.1 500 No|" + BODY,
        "HTTP/1.0 200 OK|" + BODY,
        HEAD + "Connection: close|" + BODY,
        HEAD + "Connection: X, Close|" + BODY,
        HEAD + "Connection: X|Connection: close|" + BODY,
        HEAD + "Keep-Alive: timeout=1|" + BODY,
        HEAD + "Keep-Alive: max=3, timeout=0|" + BODY,
        HEAD + "Content-Length: 2|Content-Length: 2||ok",
        HEAD + "junk|" + BODY,
        HEAD + "X : 1|" + BODY,
        HEAD + "X: 1| 2|" + BODY,
        HEAD + "X: a\u0000b|" + BODY,
        HEAD + "X: 1\n" + BODY,
        HEAD + BODY + "x",
        HEAD + BODY + "|HTTP/1.1 200 OK|Content-Length: 0||",
        "HTTP/1.1 204 No Content|Content-Length: 2||ok",
        HEAD + "Transfer-Encoding: chunked||2|ok\n0||",
        HEAD + "Content-Length: 2|Transfer-Encoding: chunked||2|ok|0||",
        HEAD + "Transfer-Encoding: gzip, chunked||2|ok|0||",
        "|" + HEAD + BODY,
        HEAD + "|ok",
      })
  void afterThisItIsNot(String answer) {
    Read read = read(answer, List.of());
    assertThat(read.status()).isPositive();
    assertThat(read.kept()).isFalse();
  }

  /** A packet ends wherever the network likes. */
  @Property(tries = 400)
  void packetsMakeNoDifference(
      @ForAll("answers") String answer, @ForAll Random random, @ForAll boolean single) {
    Read whole = read(answer, List.of());
    List<Integer> cuts = new ArrayList<>();
    for (int at = 0; at < answer.length(); at += single ? 1 : 1 + random.nextInt(12)) {
      cuts.add(at);
    }
    assertThat(read(answer, cuts)).isEqualTo(whole);
  }

  /** Lines of all kinds in any order: never more than one answer, and never an error of ours. */
  @Provide
  Arbitrary<String> answers() {
    Arbitrary<String> lines =
        Arbitraries.of(
                "HTTP/1.1 200 OK|",
                "HTTP/1.1 100 Continue|",
                "HTTP/1.1 101 X|",
                "HTTP/1.1 404|",
                "HTTP/1.0 204 x\n",
                "http/1.1\t503 x\r|",
                "X: 1|",
                "X: 2\n",
                " more|",
                "junk|",
                "a b: c|",
                "Content-Length: 2|",
                "Content-Length: 3|",
                "Content-Length: x|",
                "Transfer-Encoding: chunked|",
                "Transfer-Encoding: gzip|",
                "Keep-Alive: timeout=5|",
                "Connection: close|",
                "|",
                "|",
                "|",
                "\n",
                "2|ok|",
                "0|",
                "ok",
                "\u0000\u0001",
                "z")
            .list()
            .ofMaxSize(12)
            .map(list -> String.join("", list));
    return Arbitraries.of("", "HTTP/1.1 200 OK|", "HTTP/1.1 201|Transfer-Encoding: chunked|")
        .flatMap(start -> lines.map(rest -> start + rest));
  }

  private static Read read(String answer, List<Integer> cuts) {
    EmbeddedChannel channel = new EmbeddedChannel();
    channel.pipeline().addLast("codec", new HttpClientCodec());
    AnswerDecoder.install(channel.pipeline(), System::nanoTime);
    channel.writeOutbound(
        new DefaultFullHttpRequest(
            HttpVersion.HTTP_1_1, HttpMethod.POST, "/", Unpooled.EMPTY_BUFFER));
    String bytes = answer.replace("|", "\r\n");
    String failure = null;
    try {
      for (String packet : packets(bytes, cuts)) {
        channel.writeInbound(Unpooled.copiedBuffer(packet, StandardCharsets.ISO_8859_1));
      }
    } catch (Exception e) {
      failure = e.getClass().getSimpleName();
    }
    boolean kept = channel.isOpen();
    boolean over = channel.inboundMessages().stream().anyMatch(LastHttpContent.class::isInstance);
    channel.close();
    Read read = read(channel, failure, kept && over);
    channel.finishAndReleaseAll();
    return read;
  }

  /** Where a cut falls into a line end, both halves are packets, as everywhere. */
  private static List<String> packets(String bytes, List<Integer> cuts) {
    List<String> packets = new ArrayList<>();
    int from = 0;
    for (int cut : cuts) {
      int to = Math.min(cut, bytes.length());
      packets.add(bytes.substring(from, to));
      from = to;
    }
    packets.add(bytes.substring(from));
    return packets;
  }

  private static Read read(EmbeddedChannel channel, String failure, boolean kept) {
    int status = 0;
    List<String> headers = List.of();
    StringBuilder body = new StringBuilder();
    String end = failure == null ? "cut" : failure;
    for (Object message : channel.inboundMessages()) {
      if (message instanceof HttpResponse response) {
        assertThat(status).as("one answer").isZero();
        status = response.status().code();
        headers =
            response.headers().entries().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .collect(Collectors.toList());
      } else if (message instanceof HttpContent content) {
        ByteBuf bytes = content.content();
        body.append(bytes.toString(StandardCharsets.ISO_8859_1));
        end = message instanceof LastHttpContent ? "complete" : end;
      }
    }
    return new Read(status, headers, body.toString(), end, kept);
  }
}
