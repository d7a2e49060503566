package io.fastyoke.integrations.egress;

import static org.assertj.core.api.Assertions.assertThat;

import io.fastyoke.integrations.egress.Exchange.Answered;
import io.fastyoke.integrations.egress.Exchange.NotSent;
import io.fastyoke.integrations.egress.guard.GuardDecision.Verdict;
import io.fastyoke.integrations.egress.guard.Nat64;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What no exception of the operator's opens. */
class EgressSurroundingsTest {
  private DnsStub dns;
  private Upstream host;

  @BeforeEach
  void open() throws IOException {
    dns = DnsStub.open();
    host = Upstream.plain();
  }

  @AfterEach
  void shut() throws IOException {
    host.close();
    dns.close();
  }

  private Doorway door(String denied) {
    return new Doorway(
        Doorway.Settings.NONE
            .ranges("127.0.0.0/8,2001:4860::/32")
            .denied(denied)
            .http("true")
            .dns(dns.address()),
        Doorway.TUNING);
  }

  private String url() {
    return "http://127.0.0.1:" + host.port() + "/good";
  }

  @Test
  void whatIsDeniedBeatsWhatIsAllowed() {
    try (Doorway open = door("127.0.0.2");
        Doorway closed = door("127.0.0.1/32,8.8.8.0/24")) {
      assertThat(open.send(url())).isInstanceOf(Answered.class);
      assertThat(((NotSent) closed.send(url())).cause()).isEqualTo(NotSent.Cause.BLOCKED);
      dns.say("hook.acme.com", DnsStub.addresses("8.8.8.8"));
      assertThat(closed.judge("https://hook.acme.com/").verdict()).isEqualTo(Verdict.BLOCKED);
      assertThat(open.judge("https://hook.acme.com/").verdict()).isEqualTo(Verdict.ALLOWED);
    }
    assertThat(host.connections()).isEqualTo(1);
  }

  @Test
  void theDatabaseIsClosedAlsoWhereItsNetworkIsOpen() throws IOException {
    try (Doorway door = door("");
        Upstream other = Upstream.plain()) {
      done(door, List.of("127.0.0.1:" + host.port(), "/run/postgresql/.s.PGSQL.5432", "::1"));
      assertThat(((NotSent) door.send(url())).cause()).isEqualTo(NotSent.Cause.BLOCKED);
      assertThat(door.send("http://127.0.0.1:" + other.port() + "/good"))
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
    try (Doorway door = door("")) {
      assertThat(door.judge("https://inside.acme.com/").verdict()).isEqualTo(Verdict.ALLOWED);
      done(door, List.of());
      assertThat(door.judge("https://inside.acme.com/").verdict()).isEqualTo(Verdict.BLOCKED);
      assertThat(door.judge("https://outside.acme.com/").verdict()).isEqualTo(Verdict.ALLOWED);
    }
  }

  @Test
  void aNetworkWithoutSuchAPrefixIsAsItWas() {
    dns.say(Nat64.NAME, DnsStub.addresses("192.0.0.170", "192.0.0.171"));
    dns.say("hook.acme.com", DnsStub.addresses("2a00:1:2:3:4:5:a01:203"));
    try (Doorway door = door("")) {
      done(door, List.of("nonsense:// x"));
      assertThat(door.judge("https://hook.acme.com/").verdict()).isEqualTo(Verdict.ALLOWED);
    }
  }

  /** There is no telling from the words whether a name of the inside exists. */
  @Test
  void aNameThatIsMissingAndOneThatIsRefusedSoundAlike() {
    dns.say("inside.acme.com", DnsStub.addresses("10.1.2.3"));
    try (Doorway door = Doorway.allowing("192.168.0.0/16", dns)) {
      NotSent refused = (NotSent) door.send("https://inside.acme.com/");
      NotSent missing = (NotSent) door.send("https://missing.acme.com/");
      assertThat(missing.message()).isEqualTo(refused.message());
      assertThat(door.judge("https://missing.acme.com/").message())
          .isEqualTo(door.judge("https://inside.acme.com/").message());
    }
  }

  private static void done(Doorway door, List<String> databases) {
    door.egress.lookAround(databases).toCompletionStage().toCompletableFuture().join();
  }
}
