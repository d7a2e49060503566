package io.fastyoke.integrations.egress;

import static org.assertj.core.api.Assertions.assertThat;

import io.fastyoke.integrations.egress.Exchange.Answered;
import io.fastyoke.integrations.egress.Exchange.NotSent;
import io.fastyoke.integrations.egress.Exchange.NotSent.Cause;
import io.fastyoke.integrations.egress.OutboundRequest.Header;
import io.fastyoke.integrations.egress.OutboundRequest.Origin;
import io.fastyoke.integrations.support.FreePort;
import io.netty.util.AsciiString;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class EgressSendTest extends UpstreamCase {
  EgressSendTest() {
    super("127.0.0.0/8,::1/128");
  }

  private String url(String path) {
    return "http://localhost:" + upstream.port() + path;
  }

  @Test
  void writesExactlyTheRequestThatWasAskedFor() {
    OutboundRequest request =
        EgressFixture.post(
            url("/a%2Fb?x=1&y=%20"),
            "{\"a\":\"ü\"}",
            new Header("Authorization", new AsciiString("Bearer s3cret")),
            new Header("X-Twice", "1"),
            new Header("X-Twice", "2\tx"));

    assertThat(fixture.send(request)).isInstanceOf(Answered.class);
    assertThat(upstream.requests().get(0))
        .isEqualTo(
            "POST /a%2Fb?x=1&y=%20 HTTP/1.1\r\nhost: localhost:"
                + upstream.port()
                + "\r\nAuthorization: Bearer s3cret\r\nX-Twice: 1\r\nX-Twice: 2\tx"
                + "\r\naccept-encoding: identity\r\ncontent-length: 10\r\n\r\n"
                + new String(
                    "{\"a\":\"ü\"}".getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1));
  }

  @Test
  void saysThatThereIsNoBodyWhereOneCouldBe() {
    OutboundRequest post = EgressFixture.post(url("/x"), "");
    fixture.send(
        new OutboundRequest(
            "POST", post.target(), List.of(), null, post.deadline(), post.origin(), "t1"));
    fixture.send(url("/x"));
    assertThat(upstream.requests().get(0)).containsIgnoringCase("content-length: 0");
    assertThat(upstream.requests().get(1)).doesNotContainIgnoringCase("content-length");
  }

  @Test
  void givesTheAnswerAsReceived() {
    upstream.on(
        "/x", Upstream.says("HTTP/1.1 422 No\r\nX-A: 1\r\nx-a: 2\r\nContent-Length: 2\r\n\r\n{}"));
    Answered answer = (Answered) fixture.send(url("/x"));
    assertThat(answer.status()).isEqualTo(422);
    assertThat(answer.headers().get(0).getKey()).isEqualTo("X-A");
    assertThat(answer.headers().stream().map(Map.Entry::getValue)).containsExactly("1", "2", "2");
    assertThat(answer.body()).isEqualTo("{}".getBytes(StandardCharsets.US_ASCII));
    assertThat(answer.truncated()).isFalse();
    assertThat(answer.elapsed()).isPositive();
  }

  @Test
  void keepsConnectionsAliveWithinAPoolAndNeverAcross() {
    for (int i = 0; i < 3; i++) {
      fixture.send(EgressFixture.as(Origin.TENANT, "t1", EgressFixture.get(url("/good"))));
    }
    assertThat(upstream.connections()).isEqualTo(1);
    fixture.send(EgressFixture.as(Origin.TENANT, "t2", EgressFixture.get(url("/good"))));
    assertThat(upstream.connections()).isEqualTo(2);
    fixture.send(EgressFixture.as(Origin.TENANT, "t1", EgressFixture.get(url("/good"))));
    assertThat(upstream.connections()).isEqualTo(2);
  }

  @Test
  void closesIdleConnections() {
    fixture.send(url("/good"));
    assertThat(EgressFixture.eventually(() -> upstream.openConnections() == 0)).isTrue();
  }

  @Test
  void aHostCannotKeepAConnectionForEver() {
    ClientTuning shortLived =
        new ClientTuning(64, Duration.ofSeconds(1), Duration.ofMillis(200), null);
    upstream.on(
        "/keep",
        Upstream.says("HTTP/1.1 200 OK\r\nKeep-Alive: timeout=0\r\nContent-Length: 0\r\n\r\n"));
    try (EgressFixture other =
        new EgressFixture(
            EgressFixture.Settings.NONE.ranges("127.0.0.0/8").http("true"), shortLived)) {
      other.send(url("/keep"));
      assertThat(EgressFixture.eventually(() -> upstream.openConnections() == 0)).isTrue();
    }
  }

  @Test
  void doesNotFollowRedirects() throws IOException {
    try (Upstream second = Upstream.plain()) {
      for (int status : new int[] {301, 302, 303, 307, 308}) {
        upstream.on(
            "/" + status,
            Upstream.says(
                "HTTP/1.1 "
                    + status
                    + " Moved\r\nLocation: http://localhost:"
                    + second.port()
                    + "/x\r\nContent-Length: 0\r\n\r\n"));
        Answered answer =
            (Answered)
                fixture.send(
                    EgressFixture.post(
                        url("/" + status), "x", new Header("Authorization", "secret")));
        assertThat(answer.status()).isEqualTo(status);
      }
      assertThat(second.connections()).isZero();
    }
  }

  @Test
  void writesNothingWhenTheCallerMayNoLonger() {
    AtomicInteger asked = new AtomicInteger();
    Exchange exchange =
        fixture
            .egress
            .send(
                EgressFixture.get(url("/x")),
                () -> {
                  asked.incrementAndGet();
                  return false;
                })
            .await()
            .atMost(EgressFixture.TIMEOUT);
    assertThat(exchange).isInstanceOf(NotSent.class);
    assertThat(((NotSent) exchange).cause()).isEqualTo(Cause.ABANDONED);
    assertThat(asked).hasValue(1);
    assertThat(fixture.send(url("/good"))).isInstanceOf(Answered.class);
    assertThat(upstream.requests()).hasSize(1);
  }

  /** A host that takes the connection and never says hello, within a deadline that is far away. */
  @Test
  void connectingMayHaveLessTimeThanTheAnswer() throws IOException {
    try (ServerSocket mute = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      String url = "https://127.0.0.1:" + mute.getLocalPort() + "/x";
      Exchange exchange =
          fixture
              .egress
              .send(
                  EgressFixture.within(60_000, EgressFixture.get(url)),
                  Duration.ofMillis(200),
                  false,
                  () -> true)
              .await()
              .atMost(EgressFixture.TIMEOUT);
      assertThat(exchange)
          .isInstanceOfSatisfying(
              Exchange.NotSent.class,
              notSent -> assertThat(notSent.cause()).isEqualTo(Cause.UNREACHABLE));
      assertThat(exchange.elapsed()).isLessThan(Duration.ofSeconds(4));
    }
  }

  /** What is written in time has all of the deadline for its answer. */
  @Test
  void anAnswerMayTakeLongerThanConnecting() {
    upstream.on(
        "/late",
        peer -> {
          Thread.sleep(600);
          return Upstream.says(Upstream.OK).answer(peer);
        });
    Exchange exchange =
        fixture
            .egress
            .send(EgressFixture.get(url("/late")), Duration.ofMillis(300), false, () -> true)
            .await()
            .atMost(EgressFixture.TIMEOUT);
    assertThat(exchange).isInstanceOf(Exchange.Answered.class);
  }

  @Test
  void abandonedAttemptsGiveTheirConnectionBack() {
    ClientTuning small = new ClientTuning(2, Duration.ofSeconds(1), Duration.ofSeconds(60), null);
    try (EgressFixture narrow =
        new EgressFixture(EgressFixture.Settings.NONE.ranges("127.0.0.0/8").http("true"), small)) {
      List<Uni<Exchange>> all =
          IntStream.range(0, 1000)
              .mapToObj(i -> narrow.egress.send(EgressFixture.get(url("/x")), () -> false))
              .toList();
      List<Exchange> ends = Uni.join().all(all).andFailFast().await().atMost(EgressFixture.TIMEOUT);
      assertThat(ends)
          .allSatisfy(end -> assertThat(((NotSent) end).cause()).isEqualTo(Cause.ABANDONED));
      assertThat(narrow.send(EgressFixture.within(1000, EgressFixture.get(url("/good")))))
          .isInstanceOf(Answered.class);
      assertThat(upstream.connections()).isLessThanOrEqualTo(2);
    }
  }

  @Test
  void aRefusingCallerCountsAsNo() {
    Exchange exchange =
        fixture
            .egress
            .send(
                EgressFixture.get(url("/x")),
                () -> {
                  throw new IllegalStateException("no database");
                })
            .await()
            .atMost(EgressFixture.TIMEOUT);
    assertThat(((NotSent) exchange).cause()).isEqualTo(Cause.ABANDONED);
    assertThat(upstream.requests()).isEmpty();
  }

  @Test
  void cancellingEndsTheConnection() {
    upstream.on("/hang", peer -> peer.socket().getInputStream().read() >= 0);
    var cancellable =
        fixture
            .egress
            .send(EgressFixture.get(url("/hang")), () -> true)
            .subscribe()
            .with(end -> {});
    assertThat(EgressFixture.eventually(() -> upstream.requests().size() == 1)).isTrue();
    cancellable.cancel();
    assertThat(EgressFixture.eventually(() -> upstream.openConnections() == 0)).isTrue();
    assertThat(fixture.send(url("/good"))).isInstanceOf(Answered.class);
  }

  @Test
  void comesBackOnTheCallersContext() throws Exception {
    Context context = fixture.vertx.getOrCreateContext();
    CompletableFuture<Context> seen = new CompletableFuture<>();
    context.runOnContext(
        go ->
            fixture
                .egress
                .send(EgressFixture.get(url("/good")), () -> true)
                .subscribe()
                .with(end -> seen.complete(Vertx.currentContext())));
    assertThat(seen.get(5, TimeUnit.SECONDS)).isSameAs(context);
  }

  @Test
  void triesEveryAddressThatThereIs() throws IOException {
    try (DnsStub dns = DnsStub.open();
        EgressFixture many = EgressFixture.allowing("127.0.0.0/8,::1/128", dns)) {
      dns.say(
          "hook.example.com",
          DnsStub.addresses("127.0.0.9", "127.0.0.8", "127.0.0.7", "127.0.0.1"));
      assertThat(many.send("http://hook.example.com:" + upstream.port() + "/good"))
          .isInstanceOf(Answered.class);
      assertThat(upstream.requests()).hasSize(1);
    }
  }

  /** An IPv6 service whose IPv4 addresses are dead, and one whose first address keeps silent. */
  @Test
  void ipv6AndIpv4AreTriedInTurn() throws IOException {
    try (Upstream six = Upstream.at("::1", 0);
        DnsStub dns = DnsStub.open();
        EgressFixture both = EgressFixture.allowing("127.0.0.0/8,::1/128,203.0.113.0/24", dns)) {
      dns.say("six.example.com", DnsStub.addresses("127.0.0.8", "127.0.0.9", "::1"));
      assertThat(both.send("http://six.example.com:" + six.port() + "/good"))
          .isInstanceOf(Answered.class);
      dns.say("silent.example.com", DnsStub.addresses("203.0.113.1", "203.0.113.2", "127.0.0.1"));
      Exchange end = both.send("http://silent.example.com:" + upstream.port() + "/good");
      assertThat(end).isInstanceOf(Answered.class);
      assertThat(six.requests()).hasSize(1);
      assertThat(upstream.requests()).hasSize(1);
    }
  }

  @Test
  void reachesIpv6Literals() throws IOException {
    try (Upstream six = Upstream.at("::1", 0)) {
      assertThat(fixture.send("http://[::1]:" + six.port() + "/good")).isInstanceOf(Answered.class);
      assertThat(six.requests().get(0)).contains("host: [::1]:" + six.port() + "\r\n");
      assertThat(fixture.send("http://localhost:" + six.port() + "/good"))
          .as("localhost falls back from 127.0.0.1 to ::1")
          .isInstanceOf(Answered.class);
    }
  }

  @Test
  void aRefusedConnectionIsUnreachable() throws IOException {
    int free = FreePort.find();
    NotSent end = (NotSent) fixture.send("http://localhost:" + free + "/");
    assertThat(end.cause()).isEqualTo(Cause.UNREACHABLE);
    assertThat(end.message()).isEqualTo("The connection was refused.");
  }

  @Test
  void operatorsHostsAreNotJudged() {
    try (EgressFixture strict =
        new EgressFixture(EgressFixture.Settings.NONE, EgressFixture.TUNING)) {
      OutboundRequest request = EgressFixture.get(url("/good"));
      assertThat(((NotSent) strict.send(request)).cause()).isEqualTo(Cause.BLOCKED);
      assertThat(upstream.connections()).isZero();
      assertThat(strict.send(EgressFixture.as(Origin.OPERATOR, "twilio", request)))
          .isInstanceOf(Answered.class);
    }
  }

  @Test
  void carries256AttemptsToOneHostAtOnce() {
    try (EgressFixture wide =
        new EgressFixture(
            EgressFixture.Settings.NONE.ranges("127.0.0.0/8").http("true"),
            ClientTuning.STANDARD)) {
      AtomicInteger inside = new AtomicInteger();
      upstream.on(
          "/all",
          peer -> {
            inside.incrementAndGet();
            while (inside.get() < 256) {
              Thread.onSpinWait();
              Thread.yield();
            }
            peer.write(Upstream.OK);
            return true;
          });
      List<Uni<Exchange>> all =
          IntStream.range(0, 256)
              .mapToObj(i -> wide.egress.send(EgressFixture.get(url("/all")), () -> true))
              .toList();
      assertThat(Uni.join().all(all).andFailFast().await().atMost(EgressFixture.TIMEOUT))
          .allSatisfy(end -> assertThat(end).isInstanceOf(Answered.class));
    }
  }

  @Test
  void refusesUrlsThatAreNone() {
    for (String url : List.of("ftp://localhost/", "https:x", "/x", "http://u:p@localhost/")) {
      NotSent end =
          (NotSent)
              fixture.send(
                  new OutboundRequest(
                      "GET",
                      URI.create(url),
                      List.of(),
                      null,
                      Duration.ofSeconds(1),
                      Origin.OPERATOR,
                      "p"));
      assertThat(end.cause()).isEqualTo(Cause.BLOCKED);
    }
  }
}
