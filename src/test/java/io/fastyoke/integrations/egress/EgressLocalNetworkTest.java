package io.fastyoke.integrations.egress;

import static org.assertj.core.api.Assertions.assertThat;

import io.fastyoke.integrations.egress.Exchange.Answered;
import io.fastyoke.integrations.egress.Exchange.NotSent;
import io.fastyoke.integrations.egress.guard.GuardDecision.Status;
import io.fastyoke.integrations.egress.guard.Nat64;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What no exception of the operator's opens. */
class EgressLocalNetworkTest {
  private DnsStub dns;
  private Upstream host;

  @BeforeEach
  void open() throws IOException {
    dns = DnsStub.open();
    host = Upstream.plain();
  }

  @AfterEach
  void close() throws IOException {
    host.close();
    dns.close();
  }

  private EgressFixture fixture(String denied) {
    return new EgressFixture(
        EgressFixture.Settings.NONE
            .ranges("127.0.0.0/8,2001:4860::/32")
            .denied(denied)
            .http("true")
            .dns(dns.address()),
        EgressFixture.TUNING);
  }

  private String url() {
    return "http://127.0.0.1:" + host.port() + "/good";
  }

  @Test
  void whatIsDeniedBeatsWhatIsAllowed() {
    try (EgressFixture open = fixture("127.0.0.2");
        EgressFixture closed = fixture("127.0.0.1/32,8.8.8.0/24")) {
      assertThat(open.send(url())).isInstanceOf(Answered.class);
      assertThat(((NotSent) closed.send(url())).cause()).isEqualTo(NotSent.Cause.BLOCKED);
      dns.say("hook.acme.com", DnsStub.addresses("8.8.8.8"));
      assertThat(closed.check("https://hook.acme.com/").status()).isEqualTo(Status.BLOCKED);
      assertThat(open.check("https://hook.acme.com/").status()).isEqualTo(Status.ALLOWED);
    }
    assertThat(host.connections()).isEqualTo(1);
  }

  @Test
  void theDatabaseIsClosedAlsoWhereItsNetworkIsOpen() throws IOException {
    try (EgressFixture fixture = fixture("");
        Upstream other = Upstream.plain()) {
      done(fixture, List.of("127.0.0.1:" + host.port(), "/run/postgresql/.s.PGSQL.5432", "::1"));
      assertThat(((NotSent) fixture.send(url())).cause()).isEqualTo(NotSent.Cause.BLOCKED);
      assertThat(fixture.send("http://127.0.0.1:" + other.port() + "/good"))
          .isInstanceOf(Answered.class);
    }
    assertThat(host.connections()).isZero();
  }

  /** The same prefix in each of its lengths, with 10.1.2.3 and with 8.8.8.8 inside. */
  @ParameterizedTest
  @CsvSource({
    "2a00:1:2:3:4:5:c000:aa, 2a00:1:2:3:4:5:a01:203, 2a00:1:2:3:4:5:808:808",
    "2a00:1:2:3:c0:0:aa00:0, 2a00:1:2:3:a:102:300:0, 2a00:1:2:3:8:808:800:0",
    "2a00:1:2:c000:0:aa00::, 2a00:1:2:a01:2:300::, 2a00:1:2:808:8:800::"
  })
  void whatLiesBehindTheNetworksPrefixIsJudgedAsTheAddressInside(
      String shown, String inside, String outside) {
    dns.say(Nat64.NAME, DnsStub.addresses("192.0.0.170", shown));
    dns.say("inside.acme.com", DnsStub.addresses(inside));
    dns.say("outside.acme.com", DnsStub.addresses(outside));
    try (EgressFixture fixture = fixture("")) {
      assertThat(fixture.check("https://inside.acme.com/").status()).isEqualTo(Status.ALLOWED);
      done(fixture, List.of());
      assertThat(fixture.check("https://inside.acme.com/").status()).isEqualTo(Status.BLOCKED);
      assertThat(fixture.check("https://outside.acme.com/").status()).isEqualTo(Status.ALLOWED);
    }
  }

  @Test
  void aNetworkWithoutSuchAPrefixIsAsItWas() {
    dns.say(Nat64.NAME, DnsStub.addresses("192.0.0.170", "192.0.0.171"));
    dns.say("hook.acme.com", DnsStub.addresses("2a00:1:2:3:4:5:a01:203"));
    try (EgressFixture fixture = fixture("")) {
      done(fixture, List.of("nonsense:// x"));
      assertThat(fixture.check("https://hook.acme.com/").status()).isEqualTo(Status.ALLOWED);
    }
  }

  /** There is no telling from the words whether a name of the inside exists. */
  @Test
  void aNameThatIsMissingAndOneThatIsRefusedSoundAlike() {
    dns.say("inside.acme.com", DnsStub.addresses("10.1.2.3"));
    try (EgressFixture fixture = EgressFixture.allowing("192.168.0.0/16", dns)) {
      NotSent refused = (NotSent) fixture.send("https://inside.acme.com/");
      NotSent missing = (NotSent) fixture.send("https://missing.acme.com/");
      assertThat(missing.message()).isEqualTo(refused.message());
      assertThat(fixture.check("https://missing.acme.com/").message())
          .isEqualTo(fixture.check("https://inside.acme.com/").message());
    }
  }

  private static void done(EgressFixture fixture, List<String> databases) {
    fixture.egress.discoverNetwork(databases).toCompletionStage().toCompletableFuture().join();
  }
}
