package io.fastyoke.integrations.egress;

import static org.assertj.core.api.Assertions.assertThat;

import io.fastyoke.integrations.egress.Exchange.Answered;
import io.fastyoke.integrations.egress.Exchange.Broken;
import io.fastyoke.integrations.egress.Exchange.Broken.Fault;
import io.smallrye.mutiny.Uni;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What other hosts may do to us; after each of it, the same host gets a good request. */
class EgressHostileTest {
  private static final long DEADLINE = 400;
  private static final long GRACE = 500;
  private static EgressFixture fixture;
  private Upstream upstream;

  @BeforeAll
  static void fixture() {
    fixture = EgressFixture.allowing("127.0.0.0/8");
  }

  @AfterAll
  static void closeListener() {
    fixture.close();
  }

  @BeforeEach
  void open() throws IOException {
    upstream = Upstream.plain();
  }

  @AfterEach
  void close() throws IOException {
    Answered good = (Answered) fixture.send(url("/good"));
    assertThat(good.body()).isEqualTo("good".getBytes(StandardCharsets.US_ASCII));
    upstream.close();
  }

  private String url(String path) {
    return "http://localhost:" + upstream.port() + path;
  }

  private Exchange send(Upstream.Script script) {
    upstream.on("/bad", script);
    Exchange end =
        fixture.send(EgressFixture.within(DEADLINE, EgressFixture.post(url("/bad"), "{}")));
    assertThat(end.elapsed().toMillis()).isLessThanOrEqualTo(DEADLINE + GRACE);
    return end;
  }

  private void timesOut(Upstream.Script script) {
    Broken end = (Broken) send(script);
    assertThat(end.fault()).isEqualTo(Fault.TIMEOUT);
    assertThat(end.elapsed().toMillis()).isGreaterThanOrEqualTo(DEADLINE - 5);
  }

  @Test
  void noAnswer() {
    timesOut(Upstream.Peer::hang);
  }

  /** The status has arrived, so the rest is waited for and then done without. */
  private void isAnsweredAtTheDeadline(Upstream.Script script) {
    Answered end = (Answered) send(script);
    assertThat(end.status()).isEqualTo(200);
    assertThat(end.truncated()).isTrue();
    assertThat(end.elapsed().toMillis()).isGreaterThanOrEqualTo(DEADLINE - 5);
    assertThat(EgressFixture.eventually(() -> upstream.openConnections() == 0)).isTrue();
  }

  @Test
  void drippedHeaders() {
    isAnsweredAtTheDeadline(
        peer -> {
          peer.write("HTTP/1.1 200 OK\r\n").drip("X-A: 1\r\n", 20);
          return false;
        });
  }

  @Test
  void drippedBody() {
    isAnsweredAtTheDeadline(
        peer -> {
          peer.write("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n").drip("x", 20);
          return false;
        });
  }

  @Test
  void drippedChunks() {
    isAnsweredAtTheDeadline(
        peer -> {
          peer.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
          peer.drip("1\r\nx\r\n", 20);
          return false;
        });
  }

  @Test
  void drippedStatusLine() {
    timesOut(
        peer -> {
          peer.write("HTTP/1.1 200 ").drip("O", 20);
          return false;
        });
  }

  @Test
  void floodOfInterimAnswers() {
    timesOut(
        peer -> {
          peer.drip("HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n".repeat(50), 1);
          return false;
        });
    timesOut(
        peer -> {
          peer.drip("HTTP/1.1 100 Continue\r\n\r\n", 5);
          return false;
        });
  }

  @Test
  void endlessBodyIsCut() {
    Answered end =
        (Answered)
            send(
                peer -> {
                  peer.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
                  peer.drip("400\r\n" + "x".repeat(1024) + "\r\n", 0);
                  return false;
                });
    assertThat(end.truncated()).isTrue();
    assertThat(end.body()).hasSize(72 * 1024);
    assertThat(EgressFixture.eventually(() -> upstream.openConnections() == 0)).isTrue();
  }

  @Test
  void manyEndlessBodiesAtOnce() {
    upstream.on(
        "/endless",
        peer -> {
          peer.write("HTTP/1.1 200 OK\r\n\r\n").drip("x".repeat(4096), 0);
          return false;
        });
    List<Uni<Exchange>> all =
        IntStream.range(0, 60)
            .mapToObj(i -> fixture.egress.send(EgressFixture.get(url("/endless")), () -> true))
            .toList();
    assertThat(Uni.join().all(all).andFailFast().await().atMost(EgressFixture.TIMEOUT))
        .allSatisfy(end -> assertThat(((Answered) end).truncated()).isTrue());
  }

  @ParameterizedTest
  @CsvSource({"73727, false", "73728, false", "73729, true"})
  void theCapIsExact(int length, boolean truncated) {
    Answered end =
        (Answered)
            send(
                Upstream.says(
                    "HTTP/1.1 500 No\r\nContent-Length: "
                        + length
                        + "\r\n\r\n"
                        + "x".repeat(length)));
    assertThat(end.truncated()).isEqualTo(truncated);
    assertThat(end.body()).hasSize(Math.min(length, 73728));
  }

  @ParameterizedTest
  @CsvSource({
    "HTTP/1.1 101 Switching Protocols|Upgrade: x|Connection: upgrade||",
    "220 smtp.acme.com ESMTP|",
    "SSH-2.0-OpenSSH_9.2|",
    "<html>|",
    "HTTP/2.0 200 OK|Content-Length: 0||",
    "HTTP/1.1 OK|Content-Length: 0||",
    "HTTP/1.1 20 OK|Content-Length: 0||",
    "HTTP/1.1 2000 OK|Content-Length: 0||",
    "HTTP/1.1 099 OK|Content-Length: 0||",
    "HTTP/1.1 100 Continue||220 x|",
  })
  void whatIsNotHttp(String answer) {
    Broken end = (Broken) send(Upstream.says(answer.replace("|", "\r\n")));
    assertThat(end.fault()).isEqualTo(Fault.PROTOCOL_ERROR);
    assertThat(end.message()).doesNotContain(answer.substring(0, 5));
  }

  /** What comes after the status cannot take it back; only the connection is not used again. */
  @ParameterizedTest
  @CsvSource({
    "200, HTTP/1.1 200 OK|Content-Length: 1|Content-Length: 2||xx",
    "410, HTTP/1.1 410 Gone|Content-Length: -1||",
    "200, HTTP/1.1 200 OK|Content-Length: +2||ok",
    "500, HTTP/1.1 500 No|Content-Length: 1x||x",
    "201, HTTP/1.1 201 OK|Transfer-Encoding: chunked||zz|x|0||",
    "429, HTTP/1.1 429 No|Transfer-Encoding: chunked||2|okay|0||",
    "200, HTTP/1.1 200 OK|Transfer-Encoding: chunked|||",
  })
  void aBodyThatCannotBeRead(int status, String answer) {
    Answered end = (Answered) send(Upstream.says(answer.replace("|", "\r\n")));
    assertThat(end.status()).isEqualTo(status);
    assertThat(end.truncated()).isTrue();
    assertThat(EgressFixture.eventually(() -> upstream.openConnections() == 0)).isTrue();
  }

  @Test
  void headsUpTo64KibAreRead() {
    String status = "HTTP/1.1 200 OK\r\n";
    String end = "Content-Length: 2\r\n\r\nok";
    Answered header =
        (Answered) send(Upstream.says(status + "X: " + "y".repeat(9000) + "\r\n" + end));
    assertThat(header.headers()).contains(Map.entry("X", "y".repeat(9000)));
    assertThat(header.truncated()).isFalse();
    Answered headers =
        (Answered) send(Upstream.says(status + "X: yyyyyyyy\r\n".repeat(4900) + end));
    assertThat(headers.headers()).hasSize(4901);
    Answered line =
        (Answered) send(Upstream.says("HTTP/1.1 200 " + "O".repeat(60_000) + "\r\n" + end));
    assertThat(line.truncated()).isFalse();
    Broken endless = (Broken) send(Upstream.says("HTTP/1.1 200 " + "O".repeat(70_000)));
    assertThat(endless.fault()).isEqualTo(Fault.PROTOCOL_ERROR);
  }

  @ParameterizedTest
  @CsvSource({
    "HTTP/1.1 200 OK|, X: yyyyyyyy|",
    "HTTP/1.1 200 OK|X: , y",
    "HTTP/1.1 200 OK|X, X",
    "HTTP/1.1 200 OK|Transfer-Encoding: chunked||, 0",
    "HTTP/1.1 200 OK|Transfer-Encoding: chunked||1;, x",
    "HTTP/1.1 200 OK|Transfer-Encoding: chunked||0|, X: yyyyyyyy|"
  })
  void endlessHead(String start, String more) {
    String block = more.replace("|", "\r\n").repeat(1000);
    Answered end =
        (Answered)
            send(
                peer -> {
                  peer.write(start.replace("|", "\r\n")).drip(block, 0);
                  return false;
                });
    assertThat(end.status()).isEqualTo(200);
    assertThat(end.truncated()).isTrue();
    assertThat(end.elapsed().toMillis()).isLessThan(DEADLINE - 5);
    assertThat(EgressFixture.eventually(() -> upstream.openConnections() == 0)).isTrue();
  }

  @Test
  void endlessEmptyLines() {
    Broken end =
        (Broken)
            send(
                peer -> {
                  peer.drip("\r\n".repeat(1000), 0);
                  return false;
                });
    assertThat(end.fault()).isIn(Fault.PROTOCOL_ERROR, Fault.TIMEOUT);
  }

  /** RFC 9110, section 5.5; what is kept of an answer goes into a database that takes no NUL. */
  @ParameterizedTest
  @ValueSource(chars = {'\u0000', '\u0007', '\u007f', '\r'})
  void controlCharactersInHeaders(char odd) {
    Answered end = (Answered) send(withType("a" + odd + "b"));
    assertThat(end.headers()).contains(Map.entry("Content-Type", "a b"));
    assertThat(EgressFixture.eventually(() -> upstream.openConnections() == 0)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(chars = {'\t', '\u0080', '\u00c3', '\u00ff'})
  void bytesInHeadersThatAreNoAscii(char odd) {
    Answered end = (Answered) send(withType("a" + odd + "b"));
    assertThat(end.headers()).contains(Map.entry("Content-Type", "a" + odd + "b"));
  }

  private static Upstream.Script withType(String type) {
    return Upstream.says(
        "HTTP/1.1 200 OK\r\nContent-Type: " + type + "\r\nContent-Length: 0\r\n\r\n");
  }

  @Test
  void interimAnswersBeforeTheFinalOneAreFine() {
    Answered end =
        (Answered)
            send(
                Upstream.says(
                    "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nA: b\r\n\r\n"
                        + "HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 199 X\r\n\r\n"
                        + "HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\nok"));
    assertThat(end.status()).isEqualTo(201);
    assertThat(end.body()).hasSize(2);
  }

  @Test
  void earlyEnd() {
    assertThat(((Broken) send(peer -> false)).fault()).isEqualTo(Fault.CONNECTION_LOST);
    assertThat(((Broken) send(Upstream.Peer::slam)).fault()).isEqualTo(Fault.CONNECTION_LOST);
    Broken inStatusLine =
        (Broken)
            send(
                peer -> {
                  peer.write("HTTP/1.1 200 O");
                  return false;
                });
    assertThat(inStatusLine.fault()).isEqualTo(Fault.CONNECTION_LOST);
  }

  @ParameterizedTest
  @CsvSource({
    "HTTP/1.1 201 OK|X: , 0",
    "HTTP/1.1 201 OK|Retry-After: 7|X: y, 0",
    "HTTP/1.1 201 OK|Content-Length: 9||abc, 3",
    "HTTP/1.1 201 OK|Transfer-Encoding: chunked||9|abc, 3",
    "HTTP/1.1 201 OK|Transfer-Encoding: chunked||3|abc|, 3",
    "HTTP/1.1 201 OK|Transfer-Encoding: chunked||3|abc|0|, 3",
  })
  void anAnswerThatIsCutShort(String start, int bytes) {
    for (boolean reset : new boolean[] {false, true}) {
      Answered end =
          (Answered)
              send(
                  peer -> {
                    peer.write(start.replace("|", "\r\n"));
                    TimeUnit.MILLISECONDS.sleep(20); // so that the reset does not overtake it
                    return reset && peer.slam();
                  });
      assertThat(end.status()).isEqualTo(201);
      assertThat(end.body()).hasSize(bytes);
      assertThat(end.truncated()).isTrue();
      if (start.contains("Retry-After")) {
        assertThat(end.headers()).contains(Map.entry("Retry-After", "7"));
      }
    }
  }

  /** A success is one, and its body is not kept, so it does not hold a place for a minute. */
  @Test
  void nobodyWaitsLongForTheBodyOfASuccess() {
    upstream.on(
        "/slow",
        peer -> {
          peer.write("HTTP/1.1 200 OK\r\n\r\nok");
          return peer.hang();
        });
    Exchange end =
        fixture.send(EgressFixture.within(60_000, EgressFixture.post(url("/slow"), "{}")));
    assertThat(end).isInstanceOf(Answered.class);
    assertThat(end.elapsed()).isBetween(Duration.ofSeconds(4), Duration.ofSeconds(15));
  }

  @Test
  void bodyUpToTheEndOfTheConnection() {
    Answered end =
        (Answered)
            send(
                peer -> {
                  peer.write("HTTP/1.0 200 OK\r\n\r\nabc");
                  return false;
                });
    assertThat(end.body()).hasSize(3);
  }

  @ParameterizedTest
  @CsvSource({"200", "204", "304"})
  void whatFollowsAnAnswerIsNotTheNextOne(int status) {
    Answered end =
        (Answered)
            send(
                Upstream.says(
                    "HTTP/1.1 "
                        + status
                        + " X\r\n"
                        + (status == 200 ? "Content-Length: 0\r\n" : "")
                        + "\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nother"));
    assertThat(end.status()).isEqualTo(status);
    assertThat(end.body()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"600", "999"})
  void statusesThatDoNotExistAreLeftToTheCaller(int status) {
    Answered end =
        (Answered) send(Upstream.says("HTTP/1.1 " + status + " X\r\nContent-Length: 0\r\n\r\n"));
    assertThat(end.status()).isEqualTo(status);
  }

  @Test
  void bodiesAreNeverDecoded() {
    String bytes = "\u001f\u008b\u0008\u0000\u00ff\u00fe\u0000\u00c3(";
    Answered end =
        (Answered)
            send(
                Upstream.says(
                    "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 9\r\n\r\n"
                        + bytes));
    assertThat(end.body()).isEqualTo(bytes.getBytes(StandardCharsets.ISO_8859_1));
  }

  @Test
  void aBombDoesNotGoOff() throws IOException {
    ByteArrayOutputStream bomb = new ByteArrayOutputStream();
    try (GZIPOutputStream zip = new GZIPOutputStream(bomb)) {
      for (int i = 0; i < 128; i++) {
        zip.write(new byte[1024 * 1024]);
      }
    }
    byte[] bytes = bomb.toByteArray();
    assertThat(bytes.length).isGreaterThan(72 * 1024);
    Answered end =
        (Answered)
            send(
                Upstream.says(
                    "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: "
                        + bytes.length
                        + "\r\n\r\n"
                        + bomb.toString(StandardCharsets.ISO_8859_1)));
    assertThat(end.truncated()).isTrue();
    assertThat(end.body()).isEqualTo(Arrays.copyOf(bytes, 72 * 1024));
  }

  /** Answers as if the connection was kept, and closes it. */
  private static boolean closes(Upstream.Peer peer) throws IOException {
    peer.write(Upstream.OK);
    return false;
  }

  @Test
  void aConnectionThatTheHostHasClosedIsNotUsedAgain() {
    for (int i = 0; i < 500; i++) {
      assertThat(send(EgressHostileTest::closes)).as("request %d", i).isInstanceOf(Answered.class);
      assertThat(EgressFixture.eventually(() -> upstream.openConnections() == 0)).isTrue();
    }
    assertThat(upstream.requests()).hasSize(500);
  }

  @Test
  void norOneThatItClosedWithMoreToSay() {
    for (int i = 0; i < 300; i++) {
      assertThat(
              send(
                  peer -> {
                    peer.write(Upstream.OK);
                    peer.write("HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n");
                    return false;
                  }))
          .as("request %d", i)
          .isInstanceOf(Answered.class);
      assertThat(EgressFixture.eventually(() -> upstream.openConnections() == 0)).isTrue();
    }
  }

  /** Only a close that the request crosses may cost it: never one that was there before. */
  @Test
  void closesAtAnyMomentAreSeenOnceTheyAreThere() throws Exception {
    int there = 0;
    for (int i = 0; i < 600; i++) {
      int linger = i % 6;
      TimeUnit.MILLISECONDS.sleep(i / 6 % 6);
      boolean closed = upstream.openConnections() == 0;
      Exchange end =
          send(
              peer -> {
                peer.write(Upstream.OK);
                return peer.end().await(linger, TimeUnit.MILLISECONDS);
              });
      there += closed ? 1 : 0;
      if (end instanceof Broken broken) {
        assertThat(closed).as("closed before request %d", i).isFalse();
        assertThat(broken.fault()).isEqualTo(Fault.CONNECTION_LOST);
      } else {
        assertThat(end).isInstanceOf(Answered.class);
      }
    }
    assertThat(there).isBetween(50, 599);
    assertThat(EgressFixture.eventually(() -> upstream.openConnections() == 0)).isTrue();
  }

  @Test
  void aHostThatClosesAllItsConnectionsAtOnceCostsNoRequest() {
    int most = 48;
    for (int round = 0; round < 20; round++) {
      CountDownLatch all = new CountDownLatch(most);
      upstream.on(
          "/all",
          peer -> {
            all.countDown();
            all.await();
            return closes(peer);
          });
      List<Uni<Exchange>> sent =
          IntStream.range(0, most)
              .mapToObj(i -> fixture.egress.send(EgressFixture.get(url("/all")), () -> true))
              .toList();
      assertThat(Uni.join().all(sent).andFailFast().await().atMost(EgressFixture.TIMEOUT))
          .allSatisfy(end -> assertThat(end).isInstanceOf(Answered.class));
      assertThat(EgressFixture.eventually(() -> upstream.openConnections() == 0)).isTrue();
    }
  }

  @Test
  void aHostThatDoesNotReadHoldsNothing() throws Exception {
    try (ServerSocket deaf = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      deaf.setReceiveBufferSize(4096);
      String target = "http://127.0.0.1:" + deaf.getLocalPort() + "/";
      OutboundRequest big = EgressFixture.post(target, "x".repeat(32 * 1024 * 1024));
      Broken end = (Broken) fixture.send(EgressFixture.within(DEADLINE, big));
      assertThat(end.fault()).isEqualTo(Fault.TIMEOUT);
      try (Socket socket = deaf.accept()) {
        socket.setSoTimeout((int) Duration.ofSeconds(5).toMillis());
        assertThat(drained(socket.getInputStream())).isLessThan(32L * 1024 * 1024);
      }
    }
  }

  @Test
  void anAnswerBeforeTheRequestIsReadCostsTheConnection() throws Exception {
    try (ServerSocket hasty = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      hasty.setReceiveBufferSize(4096);
      String target = "http://127.0.0.1:" + hasty.getLocalPort() + "/";
      OutboundRequest big = EgressFixture.post(target, "x".repeat(32 * 1024 * 1024));
      var sent = fixture.egress.send(big, () -> true).subscribeAsCompletionStage();
      try (Socket socket = hasty.accept()) {
        socket.setSoTimeout((int) Duration.ofSeconds(5).toMillis());
        assertThat(socket.getInputStream().read()).isEqualTo('P');
        socket
            .getOutputStream()
            .write(
                "HTTP/1.1 413 X\r\nContent-Length: 0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        assertThat(((Answered) sent.get(5, TimeUnit.SECONDS)).status()).isEqualTo(413);
        assertThat(drained(socket.getInputStream())).isLessThan(32L * 1024 * 1024);
      }
    }
  }

  /** Reads what was on its way; ends only if the connection did. */
  private static long drained(InputStream in) {
    long total = 0;
    byte[] buffer = new byte[65536];
    try {
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        total += read;
      }
    } catch (java.net.SocketTimeoutException e) {
      throw new AssertionError("the connection is still open", e);
    } catch (IOException e) {
      return total;
    }
    return total;
  }
}
