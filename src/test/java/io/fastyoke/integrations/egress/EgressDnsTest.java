package io.fastyoke.integrations.egress;

import static org.assertj.core.api.Assertions.assertThat;

import io.fastyoke.integrations.egress.Exchange.Answered;
import io.fastyoke.integrations.egress.Exchange.NotSent;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EgressDnsTest {
  private DnsStub dns;
  private Upstream allowed;
  private Upstream forbidden;
  private EgressFixture fixture;

  @BeforeEach
  void open() throws IOException {
    dns = DnsStub.open();
    allowed = Upstream.plain();
    forbidden = Upstream.at("127.0.0.2", allowed.port());
    fixture = EgressFixture.allowing("127.0.0.1/32", dns);
  }

  @AfterEach
  void close() throws IOException {
    fixture.close();
    allowed.close();
    forbidden.close();
    dns.close();
  }

  private String url(String name) {
    return "http://" + name + ":" + allowed.port() + "/good";
  }

  @Test
  void connectsToTheJudgedAddressAndSaysTheName() {
    dns.say("hook.acme.com", DnsStub.addresses("127.0.0.1"));
    assertThat(fixture.send(url("Hook.Acme.Com."))).isInstanceOf(Answered.class);
    assertThat(allowed.requests().get(0))
        .contains("host: hook.acme.com:" + allowed.port() + "\r\n");
  }

  @Test
  void aNameThatFlipsNeverReachesTheForbiddenAddress() {
    AtomicInteger turn = new AtomicInteger();
    dns.say(
        "flip.acme.com",
        () -> DnsStub.addresses(turn.getAndIncrement() % 4 < 2 ? "127.0.0.1" : "127.0.0.2"));
    int answered = 0;
    for (int i = 0; i < 500; i++) {
      answered += fixture.send(url("flip.acme.com")) instanceof Answered ? 1 : 0;
    }
    assertThat(answered).isPositive().isLessThan(500);
    assertThat(forbidden.connections()).isZero();
    assertThat(dns.asked("flip.acme.com")).as("one look-up an attempt").isLessThanOrEqualTo(500);
  }

  @Test
  void oneForbiddenAddressForbidsAll() {
    dns.say("mixed.acme.com", DnsStub.addresses("127.0.0.1", "127.0.0.2"));
    NotSent end = (NotSent) fixture.send(url("mixed.acme.com"));
    assertThat(end.cause()).isEqualTo(NotSent.Cause.BLOCKED);
    assertThat(allowed.connections() + forbidden.connections()).isZero();
  }

  @Test
  void followsAliasesToTheirAddresses() {
    dns.say("alias.acme.com", DnsStub.alias("hook.internal", "127.0.0.1"));
    assertThat(fixture.send(url("alias.acme.com"))).isInstanceOf(Answered.class);
    dns.say("alias.acme.com", DnsStub.alias("hook.internal", "127.0.0.2"));
    assertThat(fixture.send(url("alias.acme.com"))).isInstanceOf(NotSent.class);
    assertThat(forbidden.connections()).isZero();
  }

  @Test
  void neverAsksWithASearchDomain() {
    dns.say("hook.acme.com.acme.com", DnsStub.addresses("127.0.0.1"));
    assertThat(fixture.send(url("hook.acme.com"))).isInstanceOf(NotSent.class);
    assertThat(dns.asked("hook.acme.com")).isPositive();
  }

  @Test
  void aHugeAnswerIsReadToItsEnd() {
    String[] huge = new String[3000];
    Arrays.fill(huge, "127.0.0.1");
    dns.say("huge.acme.com", DnsStub.addresses(huge.clone()));
    assertThat(fixture.send(url("huge.acme.com"))).isInstanceOf(Answered.class);
    huge[2999] = "127.0.0.2";
    dns.say("spoilt.acme.com", DnsStub.addresses(huge));
    NotSent end = (NotSent) fixture.send(url("spoilt.acme.com"));
    assertThat(end.cause()).isEqualTo(NotSent.Cause.BLOCKED);
    assertThat(forbidden.connections()).isZero();
  }

  @Test
  void anAliasOfItselfLeadsNowhere() {
    dns.say("loop.acme.com", DnsStub.alias("loop.acme.com"));
    NotSent end = (NotSent) fixture.send(url("loop.acme.com"));
    assertThat(end.cause()).isEqualTo(NotSent.Cause.UNREACHABLE);
    assertThat(dns.asked("loop.acme.com")).isLessThan(50);
  }

  @Test
  void aSlowNameServerIsWaitedForAndATooSlowOneIsNot() {
    dns.say("slow.acme.com", DnsStub.late(200, "127.0.0.1"));
    assertThat(fixture.send(url("slow.acme.com"))).isInstanceOf(Answered.class);
    dns.say("asleep.acme.com", DnsStub.late(3_000, "127.0.0.1"));
    NotSent end = (NotSent) fixture.send(url("asleep.acme.com"));
    assertThat(end.cause()).isEqualTo(NotSent.Cause.UNREACHABLE);
    assertThat(end.elapsed()).isLessThan(Duration.ofMillis(2_900));
  }

  @Test
  void theDeadlineCoversTheNameServer() {
    dns.say("silent.acme.com", DnsStub.silence());
    NotSent end =
        (NotSent)
            fixture.send(EgressFixture.within(300, EgressFixture.get(url("silent.acme.com"))));
    assertThat(end.cause()).isEqualTo(NotSent.Cause.UNREACHABLE);
    assertThat(end.elapsed().toMillis()).isBetween(290L, 800L);
  }

  @Test
  void askingOnceMoreMakesUpForALostDatagram() {
    AtomicInteger queries = new AtomicInteger();
    dns.say(
        "lossy.acme.com",
        () -> queries.getAndIncrement() < 2 ? DnsStub.silence() : DnsStub.addresses("127.0.0.1"));
    assertThat(fixture.send(url("lossy.acme.com"))).isInstanceOf(Answered.class);
  }
}
