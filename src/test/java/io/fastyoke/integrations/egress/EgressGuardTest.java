package io.fastyoke.integrations.egress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fastyoke.integrations.egress.Exchange.NotSent;
import io.fastyoke.integrations.egress.Exchange.NotSent.Cause;
import io.fastyoke.integrations.egress.guard.EgressRules;
import io.fastyoke.integrations.egress.guard.GuardDecision;
import io.fastyoke.integrations.egress.guard.GuardDecision.Status;
import io.quarkus.runtime.configuration.ConfigurationException;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What may be saved, and that an attempt says the same. */
class EgressGuardTest {
  private static DnsStub dns;
  private static EgressFixture strict;
  private static EgressFixture open;
  private static EgressFixture ports;

  @BeforeAll
  static void open() throws IOException {
    dns = DnsStub.open();
    dns.say("public.acme.com", DnsStub.addresses("93.184.216.34", "2606:2800:220:1::1"));
    dns.say("xn--bcher-kva.acme.com", DnsStub.addresses("93.184.216.34"));
    dns.say("private.acme.com", DnsStub.addresses("10.1.2.3"));
    dns.say("mixed.acme.com", DnsStub.addresses("93.184.216.34", "10.1.2.3"));
    dns.say("six.acme.com", DnsStub.addresses("93.184.216.34", "fd00::1"));
    dns.say("mapped.acme.com", DnsStub.addresses("::ffff:10.1.2.3"));
    dns.say("alias.acme.com", DnsStub.alias("db.svc.internal", "10.1.2.3"));
    dns.say("loop.acme.com", DnsStub.addresses("127.0.0.1"));
    dns.say("odd.acme.com", DnsStub.addresses("10.1.2.3", "127.0.0.1"));
    dns.say("broken.acme.com", DnsStub.error(DnsStub.SERVFAIL));
    dns.say("silent.acme.com", DnsStub.silence());
    dns.say("empty.acme.com", DnsStub.addresses());
    dns.say("worker", DnsStub.addresses("10.1.2.3"));
    dns.say("metadata", DnsStub.addresses("169.254.169.254"));
    dns.say("api.internal", DnsStub.addresses("10.1.2.3", "fd00::7"));
    dns.say("hook.internal", DnsStub.addresses("93.184.216.34"));
    String[] hundred = new String[100];
    for (int i = 0; i < 100; i++) {
      hundred[i] = "93.184.216." + (i + 1);
    }
    dns.say("hundred.acme.com", DnsStub.addresses(hundred));
    String[] spoilt = hundred.clone();
    spoilt[99] = "192.168.1.1";
    dns.say("spoilt.acme.com", DnsStub.addresses(spoilt));
    EgressFixture.Settings settings = EgressFixture.Settings.NONE.dns(dns.address());
    strict = new EgressFixture(settings, EgressFixture.TUNING);
    open =
        new EgressFixture(
            settings.ranges("10.1.0.0/16, fd00::/8,127.0.0.1").http("true"), EgressFixture.TUNING);
    ports = new EgressFixture(settings.ports("8443, 9000"), EgressFixture.TUNING);
  }

  @AfterAll
  static void close() throws IOException {
    strict.close();
    open.close();
    ports.close();
    dns.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://public.acme.com",
        "https://public.acme.com/hooks/x",
        "https://PUBLIC.acme.com./",
        "HTTPS://public.acme.com:443/",
        "https://xn--bcher-kva.acme.com/",
        "https://hundred.acme.com/"
      })
  void allowsPublicHosts(String url) {
    assertThat(strict.check(url)).isEqualTo(new GuardDecision(Status.ALLOWED, ""));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://127.0.0.1/",
        "https://8.8.8.8/",
        "https://127.1/",
        "https://127.0.1/",
        "https://2130706433/",
        "https://0/",
        "https://017700000001/",
        "https://0177.0.0.1/",
        "https://0x7f.0.0.1/",
        "https://0x7f000001/",
        "https://0x7f.1/",
        "https://00000127.0.0.1/",
        "https://127.0.0.1./",
        "https://1.2.3.04/",
        "https://example.com.1/",
        "https://example.0x1/",
        "https://[::1]/",
        "https://[::]/",
        "https://[::ffff:127.0.0.1]/",
        "https://[0:0:0:0:0:ffff:127.0.0.1]/",
        "https://[::127.0.0.1]/",
        "https://[64:ff9b::7f00:1]/",
        "https://[2002:7f00:1::]/",
        "https://[fe80::1%25eth0]/",
        "https://[fe80::1%eth0]/",
        "https://[2606:4700::1111]/",
        "https://localhost/",
        "https://LOCALHOST./",
        "https://foo.localhost/",
        "https://metadata/",
        "https://metadata.google.internal/",
        "https://app.flycast/",
        "https://printer.local/",
        "https://router.lan/",
        "https://nas.home.arpa/",
        "https://wiki.corp/",
        "https://api.default.svc/",
        "https://api.default.svc.cluster.local/",
        "https://web.service.consul/",
        "https://abcdef.onion/",
        "https://a.test/",
        "https://a.invalid/",
        "https://a.example/",
        "https://worker/",
        "https://-a.acme.com/",
        "https://a-.acme.com/",
        "https://a..acme.com/",
        "https://.acme.com/",
        "https://acme.com../",
        "https://aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.acme.com/",
        "https://public.acme.com:22/",
        "https://public.acme.com:80/",
        "https://public.acme.com:8443/",
        "https://private.acme.com/",
        "https://mixed.acme.com/",
        "https://six.acme.com/",
        "https://mapped.acme.com/",
        "https://alias.acme.com/",
        "https://spoilt.acme.com/",
        "https://api.internal/",
        "https://hook.internal/"
      })
  void blocksWithOneMessage(String url) {
    assertThat(strict.check(url))
        .isEqualTo(
            new GuardDecision(
                Status.BLOCKED, "The host could not be found, or it is not allowed."));
    NotSent end = (NotSent) strict.send(url);
    assertThat(end.cause()).isEqualTo(Cause.BLOCKED);
    assertThat(end.message()).isEqualTo("The host could not be found, or it is not allowed.");
  }

  @ParameterizedTest
  @CsvSource({
    "http://public.acme.com/, Use https.",
    "ftp://public.acme.com/, Start with https://.",
    "gopher://public.acme.com/, Start with https://.",
    "file:///etc/passwd, Start with https://.",
    "jar:https://public.acme.com/!/, Start with https://.",
    "//public.acme.com/, Start with https://.",
    "/x, Start with https://.",
    "https:public.acme.com, The host is missing.",
    "https:///x, The host is missing.",
    "https://user@public.acme.com/, Leave out the user information.",
    "https://user:pass@public.acme.com/, Leave out the user information.",
    "https://public.acme.com@127.0.0.1/, Leave out the user information.",
    "https://public.acme.com/#x, Leave out the fragment.",
    "https://public.acme.com/?x=1, Leave out the query.",
    "https://public.acme.com:0/, The port is not one.",
    "https://public.acme.com:99999/, The port is not one.",
    "https://bücher.acme.com/, 'Use ASCII only: punycode for names, % for the rest.'",
    "https://public.acme.com/ü, 'Use ASCII only: punycode for names, % for the rest.'",
    "https://public。acme.com/, 'Use ASCII only: punycode for names, % for the rest.'"
  })
  void saysWhatIsWrongWithTheForm(String url, String message) {
    assertThat(strict.check(url)).isEqualTo(new GuardDecision(Status.MALFORMED, message));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://public.acme.com\\@127.0.0.1/",
        "https://public.acme.com /",
        "https://public.acme.com/\t",
        "https://public.acme.com/\r\nX: y",
        "https://[::1/",
        "https://[v1.x]/"
      })
  void someNeverBecomeAUri(String url) {
    assertThatThrownBy(() -> new URI(url)).isInstanceOf(URISyntaxException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://broken.acme.com/",
        "https://empty.acme.com/",
        "https://missing.acme.com/"
      })
  void saysWhenANameHasNoAddress(String url) {
    assertThat(strict.check(url).status()).isEqualTo(Status.UNRESOLVABLE);
    assertThat(((NotSent) strict.send(url)).cause()).isEqualTo(Cause.UNREACHABLE);
  }

  @Test
  void waitsTwoSecondsForANameServer() {
    long start = System.nanoTime();
    assertThat(strict.check("https://silent.acme.com/").status()).isEqualTo(Status.UNRESOLVABLE);
    assertThat(System.nanoTime() - start).isLessThan(2_600_000_000L);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://10.1.2.3/",
        "http://10.1.2.3:8080/",
        "https://[fd00::1]:99/",
        "https://[::ffff:10.1.2.3]/",
        "http://127.0.0.1:3000/",
        "http://localhost:3000/x",
        "https://private.acme.com:8080/",
        "https://odd.acme.com:22/",
        "http://worker:5000/",
        "https://api.internal/",
        "http://public.acme.com/",
        "https://public.acme.com/"
      })
  void theOperatorsRangesOpenLiteralsInternalNamesAndPorts(String url) {
    assertThat(open.check(url).status()).isEqualTo(Status.ALLOWED);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://10.2.0.1/",
        "https://8.8.8.8/",
        "https://127.0.0.2/",
        "https://127.1/",
        "https://2130706433/",
        "https://[::1]/",
        "https://mixed.acme.com:8080/",
        "https://public.acme.com:8080/",
        "https://metadata/",
        "https://metadata.google.internal/",
        "https://hook.internal/"
      })
  void andNothingElse(String url) {
    assertThat(open.check(url).status()).isEqualTo(Status.BLOCKED);
  }

  @Test
  void furtherPortsAreForPublicHosts() {
    assertThat(ports.check("https://public.acme.com:8443/").status()).isEqualTo(Status.ALLOWED);
    assertThat(ports.check("https://public.acme.com:9000/").status()).isEqualTo(Status.ALLOWED);
    assertThat(ports.check("https://public.acme.com:9001/").status()).isEqualTo(Status.BLOCKED);
    assertThat(ports.check("https://private.acme.com:8443/").status()).isEqualTo(Status.BLOCKED);
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.0/33, , , , , EGRESS_ALLOW_CIDRS",
    "'10.0.0.0/8;fd00::/8', , , , , EGRESS_ALLOW_CIDRS",
    "localhost, , , , , EGRESS_ALLOW_CIDRS",
    ", yes, , , , EGRESS_ALLOW_HTTP",
    ", , proxy:3128, , , EGRESS_PROXY",
    ", , https://u:hunter2@proxy:3128, , , EGRESS_PROXY",
    ", , http://u:hunter2@proxy, , , EGRESS_PROXY",
    ", , http://u:hunter 2@proxy:1, , , EGRESS_PROXY",
    ", , , 0, , EGRESS_ALLOW_PORTS",
    ", , , 65536, , EGRESS_ALLOW_PORTS",
    ", , , https, , EGRESS_ALLOW_PORTS",
    ", , , , dns.acme.com, EGRESS_DNS_SERVERS",
    ", , , , 10.0.0.2:, EGRESS_DNS_SERVERS"
  })
  void refusesToStartWithWhatItCannotRead(
      String ranges, String http, String proxy, String allowPorts, String servers, String name) {
    EgressFixture.Settings settings =
        EgressFixture.Settings.of(ranges, http, proxy, allowPorts, servers);
    assertThatThrownBy(() -> EgressRules.read(settings))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageStartingWith(name)
        .hasMessageNotContaining("hunter")
        .hasNoCause();
  }

  @Test
  void readsSettings() {
    EgressRules rules =
        EgressRules.read(
            EgressFixture.Settings.of(
                " 10.0.0.0/8 ,fd00::/8,",
                "true",
                "http://u:p%40x@proxy:3128/",
                "8443,",
                "::1," + "[::1]:5353,10.0.0.2:5353"));
    assertThat(rules.allowed()).hasSize(2);
    assertThat(rules.ports()).containsExactlyInAnyOrder(443, 80, 8443);
    assertThat(rules.proxy().getPassword()).isEqualTo("p@x");
    assertThat(rules.dnsServers()).extracting("port").containsExactly(53, 5353, 5353);
    EgressRules none = EgressRules.read(EgressFixture.Settings.NONE);
    assertThat(none.ports()).containsExactly(443);
    assertThat(none.proxy()).isNull();
  }
}
