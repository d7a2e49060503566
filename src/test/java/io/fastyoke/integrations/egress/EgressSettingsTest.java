package io.fastyoke.integrations.egress;

import static org.assertj.core.api.Assertions.assertThat;

import io.fastyoke.integrations.egress.guard.Destination;
import io.fastyoke.integrations.egress.guard.EgressRules;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URL;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The names of the environment, as application.properties gives them. */
class EgressSettingsTest {
  private static EgressRules rules(Map<String, String> environment) throws IOException {
    URL shipped = EgressSettings.class.getResource("/application.properties");
    SmallRyeConfig config =
        new SmallRyeConfigBuilder()
            .addDefaultInterceptors()
            .withSources(new PropertiesConfigSource(shipped))
            .withSources(new PropertiesConfigSource(environment, "environment", 300))
            .withMapping(EgressSettings.class)
            .withValidateUnknown(false)
            .build();
    return EgressRules.read(config.getConfigMapping(EgressSettings.class));
  }

  @Test
  void nothingIsOpenUnlessSaid() throws IOException {
    EgressRules none = rules(Map.of());
    assertThat(none.allowed()).isEmpty();
    assertThat(none.allowHttp()).isFalse();
    assertThat(none.ports()).containsExactly(443);
    assertThat(none.proxy()).isNull();
    assertThat(none.proxyResolves()).isFalse();
    assertThat(none.denied()).isEmpty();
    assertThat(none.dnsServers()).isEmpty();
  }

  @Test
  void ownAddressesAreClosedUnlessTheOperatorOpensThem() throws IOException {
    InetAddress own = InetAddress.getByAddress(new byte[] {10, 1, 2, 3});
    EgressRules opened = rules(Map.of("EGRESS_ALLOW_CIDRS", "10.1.0.0/16"));
    assertThat(rules(Map.of()).denying(List.of(own)).denied())
        .singleElement()
        .matches(range -> range.contains(own.getAddress()));
    assertThat(opened.denying(List.of(own)).denied()).isEmpty();
  }

  @Test
  void everySettingHasItsName() throws IOException {
    EgressRules all =
        rules(
            Map.of(
                "EGRESS_ALLOW_CIDRS", "127.0.0.0/8,::1/128",
                "EGRESS_DENY_CIDRS", "10.0.0.5",
                "EGRESS_PROXY_RESOLVES", "true",
                "EGRESS_ALLOW_HTTP", "true",
                "EGRESS_ALLOW_PORTS", "8443",
                "EGRESS_DNS_SERVERS", "10.0.0.2",
                "EGRESS_PROXY", "http://u:p@proxy:3128"));
    assertThat(all.allowed()).hasSize(2);
    assertThat(all.denied()).hasSize(1);
    assertThat(all.proxyResolves()).isTrue();
    assertThat(all.allowHttp()).isTrue();
    assertThat(all.ports()).containsExactlyInAnyOrder(80, 443, 8443);
    assertThat(all.proxy()).isNotNull();
    assertThat(all.dnsServers()).hasSize(1);
  }

  /** Java's own URI has no host then, nor a user. */
  @Test
  void namesMayHoldUnderscores() throws Exception {
    EgressRules rules = rules(Map.of("EGRESS_PROXY", "http://us%40er:p@my_proxy:3128"));
    assertThat(rules.proxy().getHost()).isEqualTo("my_proxy");
    assertThat(rules.proxy().getPort()).isEqualTo(3128);
    assertThat(rules.proxy().getUsername()).isEqualTo("us@er");
    Destination to = Destination.of(java.net.URI.create("https://A_b.acme.com:8443/x"));
    assertThat(to.host()).isEqualTo("a_b.acme.com");
    assertThat(to.authority()).isEqualTo("a_b.acme.com:8443");
  }
}
