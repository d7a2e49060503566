package io.fastyoke.integrations.egress;

import static org.assertj.core.api.Assertions.assertThat;

import io.fastyoke.integrations.egress.Exchange.Answered;
import io.fastyoke.integrations.egress.Exchange.Broken;
import io.fastyoke.integrations.egress.Exchange.NotSent;
import io.fastyoke.integrations.egress.tls.ClientTls;
import io.fastyoke.integrations.egress.tls.TlsMaterial;
import io.fastyoke.integrations.support.TestAuthority;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.PemTrustOptions;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EgressTlsTest {
  private static final String UNKNOWN =
      "TLS: the host's certificate is from an unknown authority, or its chain is incomplete.";
  private final Instant tomorrow = Instant.now().plus(Duration.ofDays(1));
  private TestAuthority authority;
  private DnsStub dns;
  private EgressFixture fixture;

  @BeforeEach
  void open() throws Exception {
    authority = new TestAuthority();
    dns = DnsStub.open().say("hook.acme.com", DnsStub.addresses("127.0.0.1"));
    ClientTuning trusting =
        new ClientTuning(
            64,
            Duration.ofSeconds(2),
            Duration.ofSeconds(60),
            new PemTrustOptions().addCertValue(Buffer.buffer(authority.pem())));
    fixture =
        new EgressFixture(
            EgressFixture.Settings.NONE.ranges("127.0.0.0/8").dns(dns.address()), trusting);
  }

  @AfterEach
  void close() throws IOException {
    fixture.close();
    dns.close();
  }

  private static Upstream upstream(SSLContext tls) throws IOException {
    SSLServerSocket socket =
        (SSLServerSocket)
            tls.getServerSocketFactory()
                .createServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
    return Upstream.on(socket);
  }

  private Exchange send(Upstream upstream) {
    return fixture.send(
        EgressFixture.post("https://hook.acme.com:" + upstream.port() + "/good", "secret body"));
  }

  private void refuses(Upstream upstream, String message) {
    NotSent end = (NotSent) send(upstream);
    assertThat(end.cause()).isEqualTo(NotSent.Cause.UNREACHABLE);
    assertThat(end.message()).isEqualTo(message);
    assertThat(upstream.requests()).isEmpty();
  }

  @Test
  void nameIndicationHostAndCertificateFollowTheNameOfAPinnedAddress() throws Exception {
    try (Upstream good = upstream(authority.server("hook.acme.com", tomorrow))) {
      StringBuilder indicated = new StringBuilder();
      good.on(
          "/good",
          peer -> {
            ExtendedSSLSession session =
                (ExtendedSSLSession) ((SSLSocket) peer.socket()).getSession();
            indicated.append(
                ((SNIHostName) session.getRequestedServerNames().get(0)).getAsciiName());
            peer.write(Upstream.OK);
            return true;
          });
      assertThat(send(good)).isInstanceOf(Answered.class);
      assertThat(indicated).hasToString("hook.acme.com");
      assertThat(good.requests().get(0)).contains("host: hook.acme.com:" + good.port() + "\r\n");
      assertThat(send(good)).isInstanceOf(Answered.class);
      assertThat(good.connections()).isEqualTo(1);
    }
  }

  @Test
  void aConnectionThatTheHostHasClosedIsNotUsedAgain() throws Exception {
    try (Upstream closing = upstream(authority.server("hook.acme.com", tomorrow))) {
      closing.on(
          "/good",
          peer -> {
            peer.write(Upstream.OK);
            return false;
          });
      for (int i = 0; i < 100; i++) {
        assertThat(send(closing)).as("request %d", i).isInstanceOf(Answered.class);
        assertThat(EgressFixture.eventually(() -> closing.openConnections() == 0)).isTrue();
      }
    }
  }

  @Test
  void theWrongName() throws Exception {
    try (Upstream wrong = upstream(authority.server("other.acme.com", tomorrow))) {
      refuses(wrong, "TLS: the host's certificate is for another name.");
    }
  }

  @Test
  void expired() throws Exception {
    Instant yesterday = Instant.now().minus(Duration.ofDays(1));
    try (Upstream expired = upstream(authority.server("hook.acme.com", yesterday))) {
      refuses(expired, "TLS: the host's certificate has expired.");
    }
  }

  @Test
  void anUnknownAuthority() throws Exception {
    try (Upstream unknown = upstream(new TestAuthority().server("hook.acme.com", tomorrow))) {
      refuses(unknown, UNKNOWN);
    }
  }

  @Test
  void thePlatformsAuthoritiesDoNotKnowOurs() throws Exception {
    try (Upstream good = upstream(authority.server("hook.acme.com", tomorrow));
        EgressFixture standard =
            new EgressFixture(
                EgressFixture.Settings.NONE.ranges("127.0.0.0/8").dns(dns.address()),
                EgressFixture.TUNING)) {
      NotSent end = (NotSent) standard.send("https://hook.acme.com:" + good.port() + "/good");
      assertThat(end.message()).isEqualTo(UNKNOWN);
    }
  }

  private SSLServerSocket listening() throws Exception {
    return (SSLServerSocket)
        authority
            .server("hook.acme.com", tomorrow)
            .getServerSocketFactory()
            .createServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
  }

  @ParameterizedTest
  @CsvSource({"TLSv1.2, false", "TLSv1.2, true", "TLSv1.3, false", "TLSv1.3, true"})
  void aHostThatRequiresAClientCertificate(String version, boolean repeatable) throws Exception {
    SSLServerSocket socket = listening();
    socket.setNeedClientAuth(true);
    socket.setEnabledProtocols(new String[] {version});
    try (Upstream strict = Upstream.on(socket)) {
      OutboundRequest request =
          EgressFixture.post("https://hook.acme.com:" + strict.port() + "/good", "secret body");
      for (int i = 0; i < 20; i++) {
        NotSent end =
            (NotSent) (repeatable ? fixture.sendRepeatable(request) : fixture.send(request));
        assertThat(end.cause()).isEqualTo(NotSent.Cause.CLIENT_CERTIFICATE);
        assertThat(end.message()).contains("client certificate");
      }
      assertThat(strict.requests()).isEmpty();
    }
  }

  /** One client for each version, and with each its connections and sessions. */
  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void aCertificateIsSentAndOneThatTheHostDoesNotTakeIsNamed(String version) throws Exception {
    SSLServerSocket socket = listening();
    socket.setNeedClientAuth(true);
    socket.setEnabledProtocols(new String[] {version});
    try (Upstream strict = Upstream.on(socket)) {
      OutboundRequest request =
          EgressFixture.post("https://hook.acme.com:" + strict.port() + "/good", "secret body");
      TestAuthority.Issued good = authority.client("alice", "EC");
      TestAuthority.Issued bad = new TestAuthority().client("mallory", "EC");
      assertThat(fixture.send(request.with(tls("good", good)))).isInstanceOf(Answered.class);
      for (int i = 0; i < 3; i++) {
        NotSent end = (NotSent) fixture.send(request.with(tls("bad", bad)));
        assertThat(end.cause()).isEqualTo(NotSent.Cause.CLIENT_CERTIFICATE);
        assertThat(end.message()).contains("refuses the client certificate of the connection");
      }
      NotSent without = (NotSent) fixture.send(request);
      assertThat(without.message()).contains("requires a client certificate");
      assertThat(fixture.send(request.with(tls("good", good)))).isInstanceOf(Answered.class);
      assertThat(strict.requests()).hasSize(2);
      fixture.egress.forgetTls("good");
      assertThat(fixture.egress.ownTlsClients()).as("the refused one").isEqualTo(1);
      assertThat(EgressFixture.eventually(() -> strict.openConnections() == 0)).isTrue();
    }
  }

  private static ClientTls tls(String owner, TestAuthority.Issued client) {
    return new ClientTls(
        owner,
        owner + "/1",
        true,
        () -> () -> new TlsMaterial(parsed(client), client.key(), List.of()));
  }

  private static List<X509Certificate> parsed(TestAuthority.Issued client)
      throws CertificateException {
    CertificateFactory factory = CertificateFactory.getInstance("X.509");
    byte[] leaf = client.chain().get(0);
    return List.of((X509Certificate) factory.generateCertificate(new ByteArrayInputStream(leaf)));
  }

  /** What cannot be read is not kept, and not read again by those who share it. */
  @Test
  void certificatesThatCannotBeReadAreReadAnewByTheNext() throws Exception {
    try (Upstream good = upstream(authority.server("hook.acme.com", tomorrow))) {
      OutboundRequest request =
          EgressFixture.post("https://hook.acme.com:" + good.port() + "/good", "secret body");
      ClientTls.Source broken =
          () -> {
            throw new CertificateException("not told");
          };
      ClientTls unreadable = new ClientTls("a", "a/1", true, () -> broken);
      assertThat(((NotSent) fixture.send(request.with(unreadable))).message())
          .isEqualTo("No connection could be made.");
      ClientTls readable =
          new ClientTls("a", "a/1", true, () -> () -> new TlsMaterial(List.of(), null, List.of()));
      assertThat(fixture.send(request.with(readable))).isInstanceOf(Answered.class);
    }
  }

  /** As is usual: the certificate is wanted, and what is there without one is a matter of HTTP. */
  @Test
  void aHostThatWouldLikeOneGetsTheRequest() throws Exception {
    SSLServerSocket socket = listening();
    socket.setWantClientAuth(true);
    try (Upstream mild = Upstream.on(socket)) {
      assertThat(send(mild)).isInstanceOf(Answered.class);
      mild.on("/good", peer -> false);
      Broken lost =
          (Broken) send(mild); // the connection was kept, so this is no matter of the certificate
      assertThat(lost.message()).doesNotContain("client certificate");
      Broken fresh = (Broken) send(mild);
      assertThat(fresh.fault()).isEqualTo(Broken.Fault.CONNECTION_LOST);
      assertThat(fresh.message()).contains("had asked for a client certificate");
    }
  }

  @Test
  void plainTextInsteadOfTls() {
    NetServer plain =
        fixture
            .vertx
            .createNetServer()
            .connectHandler(socket -> socket.write("HTTP/1.1 400 No\r\n\r\n"))
            .listen(0, "127.0.0.1")
            .toCompletionStage()
            .toCompletableFuture()
            .join();
    NotSent end = (NotSent) fixture.send("https://hook.acme.com:" + plain.actualPort() + "/");
    assertThat(end.cause()).isEqualTo(NotSent.Cause.UNREACHABLE);
    assertThat(end.message()).isEqualTo("TLS: the handshake failed.");
  }

  /** RFC 8996: not for use any more. The version is what it stumbles over, and nothing else. */
  @Test
  void aHostThatChoosesTls11() throws Exception {
    try (ServerSocket old = new ServerSocket(0, 5, InetAddress.getByName("127.0.0.1"))) {
      CompletableFuture<byte[]> said = CompletableFuture.supplyAsync(() -> chooseTls11(old));
      NotSent end = (NotSent) fixture.send("https://hook.acme.com:" + old.getLocalPort() + "/good");
      assertThat(end.cause()).isEqualTo(NotSent.Cause.UNREACHABLE);
      assertThat(end.message()).isEqualTo("TLS: the handshake failed.");
      assertThat(said.get(5, TimeUnit.SECONDS)).as("protocol_version").endsWith(2, 70);
    }
  }

  /** RFC 4346, section 7.4.1.3: version, random, no session, ECDHE_RSA_WITH_AES_128_CBC_SHA. */
  private static byte[] chooseTls11(ServerSocket server) {
    String hello = "020000260302" + "5a".repeat(32) + "00c01300";
    try (Socket client = server.accept()) {
      byte[] head = client.getInputStream().readNBytes(5);
      client.getInputStream().readNBytes(((head[3] & 0xFF) << 8) | (head[4] & 0xFF));
      client.getOutputStream().write(HexFormat.of().parseHex("160302002a" + hello));
      return client.getInputStream().readNBytes(7);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void aHostThatNeverShakesHands() throws Exception {
    try (java.net.ServerSocket silent =
        new java.net.ServerSocket(0, 5, InetAddress.getByName("127.0.0.1"))) {
      NotSent end =
          (NotSent)
              fixture.send(
                  EgressFixture.within(
                      300,
                      EgressFixture.get("https://hook.acme.com:" + silent.getLocalPort() + "/")));
      assertThat(end.cause()).isEqualTo(NotSent.Cause.UNREACHABLE);
      assertThat(end.elapsed().toMillis()).isBetween(295L, 800L);
    }
  }
}
