package io.fastyoke.integrations.egress;

import static org.assertj.core.api.Assertions.assertThat;

import io.fastyoke.integrations.egress.Exchange.Answered;
import io.fastyoke.integrations.egress.Exchange.Broken;
import io.fastyoke.integrations.egress.Exchange.Broken.Fault;
import io.smallrye.mutiny.Uni;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Connections that are used again, or had better not be. */
class KeptAliveTest extends UpstreamCase {
  KeptAliveTest() {
    super("127.0.0.0/8");
  }

  private OutboundRequest post(String path) {
    return EgressFixture.post("http://localhost:" + upstream.port() + path, "{}");
  }

  /** The first request is answered, whatever comes after it on the same connection is not. */
  private void endsWhatItKept(boolean reset) {
    fixture.send(post("/good"));
    upstream.on("/lost", peer -> reset && peer.slam());
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aRequestThatMeetsTheEndOfAKeptConnectionIsSentOnceMore(boolean reset) {
    AtomicInteger asked = new AtomicInteger();
    fixture.send(post("/good"));
    upstream.on("/lost", peer -> upstream.connections() > 1 ? answers(peer) : reset && peer.slam());
    Exchange end =
        fixture
            .egress
            .send(post("/lost"), Duration.ofSeconds(5), true, () -> asked.incrementAndGet() > 0)
            .await()
            .atMost(EgressFixture.TIMEOUT);
    assertThat(end).isInstanceOf(Answered.class);
    assertThat(upstream.requests()).hasSize(3);
    assertThat(withoutConnection(upstream.requests().get(2))).isEqualTo(upstream.requests().get(1));
    assertThat(upstream.connections()).isEqualTo(2);
    assertThat(asked).as("may be written, both times").hasValue(2);
  }

  private static boolean answers(Upstream.Peer peer) throws IOException {
    peer.write(Upstream.OK);
    return true;
  }

  /** As on a machine that was halted, or is short of processors: the timers come too late. */
  @Test
  void manyConnectionsThatWereKeptForTooLongCostNoRequest() {
    int kept = 4;
    AtomicLong ahead = new AtomicLong();
    ClientTuning clock =
        new ClientTuning(
            64,
            Duration.ofSeconds(1),
            Duration.ofSeconds(60),
            () -> System.nanoTime() + ahead.get(),
            null);
    CountDownLatch all = new CountDownLatch(kept);
    upstream.on(
        "/together",
        peer -> {
          all.countDown();
          all.await();
          return answers(peer);
        });
    try (EgressFixture other =
        new EgressFixture(EgressFixture.Settings.NONE.ranges("127.0.0.0/8").http("true"), clock)) {
      List<Uni<Exchange>> sent =
          IntStream.range(0, kept)
              .mapToObj(i -> other.egress.send(post("/together"), () -> true))
              .toList();
      Uni.join().all(sent).andFailFast().await().atMost(EgressFixture.TIMEOUT);
      ahead.set(Duration.ofSeconds(10).toNanos());
      assertThat(other.send(post("/good"))).isInstanceOf(Answered.class);
    }
  }

  private static String withoutConnection(String request) {
    return request.replace("connection: close\r\n", "");
  }

  @Test
  void butNotAThirdTime() {
    endsWhatItKept(false);
    assertThat(((Broken) fixture.sendRepeatable(post("/lost"))).fault())
        .isEqualTo(Fault.CONNECTION_LOST);
    assertThat(upstream.requests()).hasSize(3);
  }

  @Test
  void norToAReceiverThatDoesNotRecogniseIt() {
    endsWhatItKept(false);
    assertThat(((Broken) fixture.send(post("/lost"))).fault()).isEqualTo(Fault.CONNECTION_LOST);
    assertThat(upstream.requests()).hasSize(2);
  }

  @Test
  void norOnANewConnection() {
    upstream.on("/lost", peer -> false);
    assertThat(((Broken) fixture.sendRepeatable(post("/lost"))).fault())
        .isEqualTo(Fault.CONNECTION_LOST);
    assertThat(upstream.requests()).hasSize(1);
  }

  @Test
  void norAfterTheFirstByteOfAnAnswer() {
    fixture.send(post("/good"));
    upstream.on(
        "/lost",
        peer -> {
          peer.write("H");
          return false;
        });
    assertThat(((Broken) fixture.sendRepeatable(post("/lost"))).fault())
        .isEqualTo(Fault.CONNECTION_LOST);
    assertThat(upstream.requests()).hasSize(2);
  }

  @Test
  void norWhenTheCallerMayNoLonger() {
    endsWhatItKept(false);
    AtomicInteger asked = new AtomicInteger();
    Exchange end =
        fixture
            .egress
            .send(post("/lost"), Duration.ofSeconds(5), true, () -> asked.incrementAndGet() < 2)
            .await()
            .atMost(EgressFixture.TIMEOUT);
    assertThat(((Broken) end).fault()).isEqualTo(Fault.CONNECTION_LOST);
    assertThat(upstream.requests()).hasSize(2);
  }

  @Test
  void norWhenNobodyIsThereAnyMore() throws IOException {
    fixture.send(post("/good"));
    upstream.on(
        "/lost",
        peer -> {
          upstream.close();
          return false;
        });
    assertThat(((Broken) fixture.sendRepeatable(post("/lost"))).fault())
        .as("it was written, whatever became of the second time")
        .isEqualTo(Fault.CONNECTION_LOST);
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 401, 404, 500, 501})
  void afterAnErrorTheConnectionIsNotUsedAgain(int status) {
    upstream.on(
        "/error", Upstream.says("HTTP/1.1 " + status + " X\r\nContent-Length: 2\r\n\r\nno"));
    fixture.send(post("/error"));
    fixture.send(post("/good"));
    assertThat(upstream.connections()).isEqualTo(2);
  }

  /** Python's http.server does not read the body, and takes it for the next request. */
  @Test
  void aBodyThatWasNotReadIsNotTheNextRequest() throws Exception {
    try (ServerSocket lazy = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      AtomicInteger connections = new AtomicInteger();
      CompletableFuture.runAsync(
          () -> {
            try {
              while (true) {
                Socket socket = lazy.accept();
                connections.incrementAndGet();
                CompletableFuture.runAsync(() -> answersHeads(socket));
              }
            } catch (IOException over) {
              // the test is over
            }
          });
      String url = "http://127.0.0.1:" + lazy.getLocalPort() + "/";
      for (int i = 1; i <= 3; i++) {
        assertThat(((Answered) fixture.send(EgressFixture.post(url, "{\"a\": 1}"))).status())
            .isEqualTo(401);
        assertThat(connections).hasValue(i);
      }
    }
  }

  private static void answersHeads(Socket socket) {
    try (socket) {
      java.io.BufferedReader in =
          new java.io.BufferedReader(
              new java.io.InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
      String first = in.readLine();
      while (first != null) {
        for (String line = first; line != null && !line.isEmpty(); line = in.readLine()) {}
        int status = first.startsWith("POST ") ? 401 : 501;
        String answer = "HTTP/1.1 " + status + " X\r\nContent-Length: 0\r\n\r\n";
        socket.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
        first = in.readLine();
      }
    } catch (IOException over) {
      // the other side ended it
    }
  }

  /** Netty would close with what has arrived still unread. */
  @Test
  void anEarlyAnswerCountsAlsoWhenTheRestOfTheRequestIsRefused() throws Exception {
    try (ServerSocket hasty = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      hasty.setReceiveBufferSize(4096);
      String url = "http://127.0.0.1:" + hasty.getLocalPort() + "/";
      var sent =
          fixture
              .egress
              .send(EgressFixture.post(url, "x".repeat(16 * 1024 * 1024)), () -> true)
              .subscribeAsCompletionStage();
      try (Socket socket = hasty.accept()) {
        assertThat(socket.getInputStream().read()).isEqualTo('P');
        socket
            .getOutputStream()
            .write(
                "HTTP/1.1 413 X\r\nContent-Length: 5\r\n\r\nlarge"
                    .getBytes(StandardCharsets.US_ASCII));
      } // with most of it unread, so this resets
      Answered end = (Answered) sent.get(5, TimeUnit.SECONDS);
      assertThat(end.status()).isEqualTo(413);
    }
  }

  /**
   * A host 100 ms away that closes what was idle for two seconds, by its own clock and without a
   * word: the soonest of everyday servers.
   */
  @Test
  void anIdleConnectionIsLetGoBeforeAHostFarAwayClosesIt() throws IOException {
    AtomicInteger closedByHost = new AtomicInteger();
    upstream.idle(Duration.ofMillis(2_000), closedByHost);
    try (DelayRelay relay = new DelayRelay(upstream.port(), 50)) {
      String url = "http://127.0.0.1:" + relay.port() + "/good";
      List<CompletableFuture<Exchange>> last =
          java.util.stream.IntStream.range(0, 30)
              .mapToObj(i -> chain(url, "t" + i, 1_600 + 20L * i))
              .toList();
      assertThat(last).allSatisfy(end -> assertThat(end.join()).isInstanceOf(Answered.class));
      assertThat(closedByHost).as("idle connections that the host had to close").hasValue(0);
      assertThat(upstream.requests()).hasSize(60);
    }
  }

  /**
   * Two deliveries, the second after a pause, to a receiver that does not recognise repetitions.
   */
  private CompletableFuture<Exchange> chain(String url, String pool, long pause) {
    OutboundRequest request =
        EgressFixture.as(OutboundRequest.Origin.TENANT, pool, EgressFixture.post(url, "{}"));
    CompletableFuture<Exchange> first =
        fixture.egress.send(request, () -> true).subscribeAsCompletionStage();
    return first.thenCompose(
        answered ->
            CompletableFuture.supplyAsync(
                    () -> fixture.egress.send(request, () -> true).subscribeAsCompletionStage(),
                    CompletableFuture.delayedExecutor(pause, TimeUnit.MILLISECONDS))
                .thenCompose(end -> end));
  }
}
