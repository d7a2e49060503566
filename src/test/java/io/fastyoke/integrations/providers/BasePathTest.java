package io.fastyoke.integrations.providers;

import static org.assertj.core.api.Assertions.assertThat;

import io.fastyoke.integrations.egress.OutboundRequest;
import io.fastyoke.integrations.redaction.Redactor;
import io.fastyoke.integrations.vault.Credentials;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BasePathTest {
  private static final Provider REST = new GenericRestProvider();

  private static Credentials at(String base) {
    return Samples.credentials(Map.of("base_url", base, "auth_header", "Bearer hush-hush"));
  }

  @ParameterizedTest
  @CsvSource({
    "https://h.example.com, , https://h.example.com",
    "https://h.example.com, /a?b=1, https://h.example.com/a?b=1",
    "https://h.example.com/, /a, https://h.example.com/a",
    "HTTPS://H.example.com:8443/T0/B0/S, /a?b=1, https://h.example.com:8443/\u2026/a?b=1",
    "https://h.example.com/T0/B0/S, , https://h.example.com/\u2026",
    "https://h.example.com/T0/B0/S/, /a, https://h.example.com/\u2026/a",
    "https://h.example.com/hooks, /hooks/x, https://h.example.com/\u2026/hooks/x",
    "https://h.example.com/T0, /hush-hush, https://h.example.com/\u2026/[redacted]",
  })
  void showsTheActionsOwnPathOnly(String base, String path, String shown) {
    try (Credentials credentials = at(base)) {
      OutboundRequest request =
          Samples.request(
              REST,
              credentials,
              new RenderedAction("POST", path == null ? "" : path, List.of(), null),
              Samples.delivery(1, Samples.NOW));
      assertThat(REST.shown(credentials, request)).isEqualTo(shown);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "'no /services/T0AB/B0/SECRETPART here', 'no [redacted] here'",
    "'no /T0AB/B0/SECRETPART here', 'no [redacted] here'",
    "'token SECRETPART of T0AB', 'token [redacted] of [redacted]'",
    "'at \\/services\\/T0AB\\/B0\\/SECRETPART/x', 'at [redacted]/x'",
    "'at %2Fservices%2FT0AB%2FB0%2FSECRETPART', 'at [redacted]'",
    "'such services are down, B0', 'such services are down, B0'",
    "'https://h.example.com/services/T0AB/B0/SECRETPART', 'https://h.example.com[redacted]'",
  })
  void isFoundInWhatComesBack(String body, String kept) {
    try (Credentials credentials = at("https://h.example.com/services/T0AB/B0/SECRETPART");
        Redactor redactor = REST.redactor(credentials)) {
      assertThat(redactor.redact(body)).isEqualTo(kept);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "/api/v1/orders-new/2024-01-31/createOrder/Accounts/a.json, customers",
    "/, x",
    "'', x",
  })
  void ordinaryWordsOfItAreLeftInAnswers(String path, String word) {
    String text = "orders-new v1 2024-01-31 createOrder Accounts json " + word;
    try (Credentials credentials = at("https://h.example.com" + path);
        Redactor redactor = REST.redactor(credentials)) {
      assertThat(redactor.redact(text)).isEqualTo(text);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "https://My_Host.example.com:444/x, my_host.example.com",
    "https://[2001:db8::1]:444/, 2001:db8::1",
    "https://h.example.com, h.example.com",
  })
  void theHostIsShown(String url, String host) {
    assertThat(BaseUrl.host(java.net.URI.create(url))).isEqualTo(host);
  }
}
