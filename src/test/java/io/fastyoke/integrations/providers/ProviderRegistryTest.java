package io.fastyoke.integrations.providers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fastyoke.integrations.providers.description.ProviderDescription;
import io.fastyoke.integrations.vault.StartRefused;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProviderRegistryTest {

  @Test
  void findsProvidersByName() {
    ProviderRegistry registry =
        new ProviderRegistry(
            List.of(
                new TwilioProvider(Samples.PUBLISHED),
                new SendgridProvider(Samples.PUBLISHED),
                new GenericRestProvider()),
            null);
    assertThat(registry.names()).containsExactly("generic_rest", "sendgrid", "twilio");
    assertThat(registry.all())
        .extracting(ProviderDescription::name)
        .containsExactlyElementsOf(registry.names());
    assertThat(registry.find("twilio").orElseThrow().description().title()).isEqualTo("Twilio");
    assertThat(registry.find("Twilio")).isEmpty();
  }

  @Test
  void refusesTwoOfOneName() {
    assertThatThrownBy(
            () ->
                new ProviderRegistry(
                    List.of(new GenericRestProvider(), new GenericRestProvider()), null))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "http://mock:8080,http://mock:8080",
    "https://mock/,https://mock",
    "http://127.0.0.1:9/twilio,http://127.0.0.1:9/twilio"
  })
  void replacesThePublishedHosts(String url, String origin) {
    ProviderHosts hosts =
        new ProviderHosts(name -> name.equals("twilio") ? Optional.of(url) : Optional.empty());
    assertThat(hosts.replacement("twilio")).contains(origin);
    assertThat(hosts.replacement("sendgrid")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"mock", "ftp://mock", "http://u:hush@mock", "http://mock?x", "http://a b"})
  void refusesOtherReplacements(String url) {
    assertThatThrownBy(() -> new SendgridProvider(Samples.allAt(url)))
        .isInstanceOf(StartRefused.class)
        .hasMessageStartingWith("SENDGRID_API_URL ")
        .hasMessageNotContaining("hush");
  }
}
