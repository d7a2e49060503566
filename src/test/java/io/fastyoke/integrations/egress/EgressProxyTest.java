package io.fastyoke.integrations.egress;

import static org.assertj.core.api.Assertions.assertThat;

import io.fastyoke.integrations.egress.Exchange.Answered;
import io.fastyoke.integrations.egress.Exchange.NotSent;
import io.fastyoke.integrations.egress.OutboundRequest.Origin;
import io.fastyoke.integrations.egress.guard.GuardDecision.Status;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EgressProxyTest {
  private static final String PROXY_AUTHORIZATION =
      "Basic " + Base64.getEncoder().encodeToString("u:p@x".getBytes(StandardCharsets.US_ASCII));

  private static final List<String> HELLO = new CopyOnWriteArrayList<>();

  private Upstream proxy;
  private DnsStub dns;
  private EgressFixture fixture;

  @BeforeEach
  void open() throws IOException {
    proxy = Upstream.plain();
    dns = DnsStub.open().say("inside.acme.com", DnsStub.addresses("10.1.2.3"));
    fixture =
        new EgressFixture(
            EgressFixture.Settings.NONE
                .http("true")
                .proxy("http://u:p%40x@127.0.0.1:" + proxy.port())
                .proxyResolves("true")
                .dns(dns.address()),
            EgressFixture.TUNING);
  }

  @AfterEach
  void close() throws IOException {
    fixture.close();
    dns.close();
    proxy.close();
  }

  @Test
  void asksForATunnelByName() {
    proxy.on(
        "hook.acme.com:443", Upstream.says("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n"));
    NotSent end = (NotSent) fixture.send("https://hook.acme.com/x");
    assertThat(end.cause()).isEqualTo(NotSent.Cause.UNREACHABLE);
    assertThat(proxy.requests().get(0))
        .startsWith("CONNECT hook.acme.com:443 HTTP/1.1\r\n")
        .containsIgnoringCase("proxy-authorization: " + PROXY_AUTHORIZATION);
  }

  /** Or the proxy would resolve the name again, to something else. */
  @Test
  void asksForATunnelToTheJudgedAddress() {
    dns.say("hook.acme.com", DnsStub.addresses("93.184.216.34"));
    proxy.on("93.184.216.34:443", EgressProxyTest::tunnelThatReads);
    try (EgressFixture pinned = pinning()) {
      assertThat(pinned.send("https://hook.acme.com/x")).isInstanceOf(Exchange.class);
      assertThat(proxy.requests().get(0)).startsWith("CONNECT 93.184.216.34:443 HTTP/1.1\r\n");
      assertThat(HELLO.get(0)).as("the name in SNI").contains("hook.acme.com");
    }
  }

  private static boolean tunnelThatReads(Upstream.Peer peer) throws IOException {
    peer.write("HTTP/1.1 200 OK\r\n\r\n");
    byte[] hello = new byte[4_096];
    int length = peer.socket().getInputStream().read(hello);
    HELLO.add(new String(hello, 0, length, StandardCharsets.ISO_8859_1));
    return false;
  }

  @Test
  void withoutAnAddressOfItsOwnTheProxyIsNotAsked() {
    try (EgressFixture pinned = pinning()) {
      assertThat(((NotSent) pinned.send("https://unknown.acme.com/")).cause())
          .isEqualTo(NotSent.Cause.UNREACHABLE);
      assertThat(proxy.connections()).isZero();
    }
  }

  /** It goes through a tunnel as well, so nobody resolves its name again. */
  @Test
  void plainHttpGetsATunnelToTheJudgedAddressToo() {
    dns.say("hook.acme.com", DnsStub.addresses("93.184.216.34"));
    proxy.on("93.184.216.34:80", Upstream.says("HTTP/1.1 200 OK\r\n\r\n"));
    try (EgressFixture pinned = pinning()) {
      assertThat(pinned.check("http://hook.acme.com/").status()).isEqualTo(Status.ALLOWED);
      assertThat(pinned.send("http://hook.acme.com/x")).isInstanceOf(Answered.class);
      assertThat(proxy.requests().get(0)).startsWith("CONNECT 93.184.216.34:80 HTTP/1.1\r\n");
      assertThat(proxy.requests().get(1)).contains("host: hook.acme.com\r\n");
      assertThat(((NotSent) pinned.send("http://inside.acme.com/")).cause())
          .isEqualTo(NotSent.Cause.BLOCKED);
    }
  }

  @Test
  void aNumberThatTheProxyNeverSaidIsNotToldAsItsAnswer() {
    proxy.on("hook.acme.com:443", Upstream.says("SSH-2.0-x\r\n\r\n"));
    NotSent end = (NotSent) fixture.send("https://hook.acme.com/");
    assertThat(end.cause()).isEqualTo(NotSent.Cause.UNREACHABLE);
    assertThat(end.message()).contains("proxy").doesNotContain("999");
  }

  private EgressFixture pinning() {
    return new EgressFixture(
        EgressFixture.Settings.NONE
            .http("true")
            .proxy("http://127.0.0.1:" + proxy.port())
            .dns(dns.address()),
        EgressFixture.TUNING);
  }

  @Test
  void sendsPlainHttpThroughATunnelToo() {
    proxy.on("hook.acme.com:80", Upstream.says("HTTP/1.1 200 OK\r\nVia: x\r\n\r\n"));
    assertThat(fixture.send("http://hook.acme.com/x?y=1")).isInstanceOf(Answered.class);
    assertThat(proxy.requests().get(0))
        .startsWith("CONNECT hook.acme.com:80 HTTP/1.1\r\n")
        .containsIgnoringCase("proxy-authorization: " + PROXY_AUTHORIZATION);
    assertThat(proxy.requests().get(1))
        .startsWith("GET /x?y=1 HTTP/1.1\r\n")
        .contains("host: hook.acme.com\r\n")
        .doesNotContainIgnoringCase("proxy-authorization");
  }

  @ParameterizedTest
  @CsvSource({"403, http", "407, http", "502, http", "403, https", "407, https", "502, https"})
  void whatTheProxyAnswersIsNotTheHosts(int status, String scheme) {
    String answer = "HTTP/1.1 " + status + " X\r\nContent-Length: 2\r\n\r\nno";
    proxy.on("hook.acme.com:80", Upstream.says(answer));
    proxy.on("hook.acme.com:443", Upstream.says(answer));
    NotSent end = (NotSent) fixture.send(scheme + "://hook.acme.com/x");
    assertThat(end.cause()).isEqualTo(NotSent.Cause.UNREACHABLE);
    assertThat(end.message()).contains("proxy").contains("status " + status);
    assertThat(proxy.requests()).hasSize(1);
  }

  @Test
  void aProxyThatKeepsSilentOrIsNoneIsUnreachable() {
    proxy.on("hook.acme.com:80", Upstream.Peer::hang);
    NotSent late =
        (NotSent)
            fixture.send(EgressFixture.within(300, EgressFixture.get("http://hook.acme.com/")));
    assertThat(late.cause()).isEqualTo(NotSent.Cause.UNREACHABLE);
    proxy.on("hook.acme.com:80", Upstream.says("SSH-2.0-x\r\n"));
    assertThat(((NotSent) fixture.send("http://hook.acme.com/")).message()).contains("proxy");
    proxy.on("hook.acme.com:80", peer -> false);
    assertThat(((NotSent) fixture.send("http://hook.acme.com/")).message()).contains("proxy");
    assertThat(EgressFixture.eventually(() -> proxy.openConnections() <= 1)).isTrue();
  }

  @Test
  void noTwoRequestsShareATunnel() {
    proxy.on("hook.acme.com:80", Upstream.says("HTTP/1.1 200 OK\r\n\r\n"));
    fixture.send(EgressFixture.as(Origin.TENANT, "t1", EgressFixture.get("http://hook.acme.com/")));
    fixture.send(EgressFixture.as(Origin.TENANT, "t2", EgressFixture.get("http://hook.acme.com/")));
    assertThat(proxy.connections()).isEqualTo(2);
  }

  @Test
  void namesPortsAndVisibleAddressesAreStillJudged() {
    for (String url :
        new String[] {
          "https://localhost/",
          "https://metadata.google.internal/",
          "https://10.1.2.3/",
          "https://inside.acme.com/",
          "https://hook.acme.com:22/"
        }) {
      assertThat(((NotSent) fixture.send(url)).cause()).as(url).isEqualTo(NotSent.Cause.BLOCKED);
      assertThat(fixture.check(url).status()).as(url).isEqualTo(Status.BLOCKED);
    }
    assertThat(proxy.connections()).isZero();
    assertThat(fixture.check("https://hook.acme.com/").status()).isEqualTo(Status.ALLOWED);
  }

  @Test
  void aMissingProxyIsUnreachable() throws IOException {
    proxy.close();
    NotSent end = (NotSent) fixture.send("https://hook.acme.com/");
    assertThat(end.cause()).isEqualTo(NotSent.Cause.UNREACHABLE);
    assertThat(end.message()).contains("proxy").doesNotContain("127.0.0.1").doesNotContain("p@x");
  }
}
