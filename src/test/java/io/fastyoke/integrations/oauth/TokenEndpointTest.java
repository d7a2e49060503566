package io.fastyoke.integrations.oauth;

import static io.fastyoke.integrations.oauth.FakeEndpoint.TENANT;
import static io.fastyoke.integrations.oauth.FakeEndpoint.WITHIN;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.fastyoke.integrations.egress.Exchange;
import io.fastyoke.integrations.egress.OutboundRequest.Origin;
import io.fastyoke.integrations.oauth.TokenResult.Failed;
import io.fastyoke.integrations.oauth.TokenResult.Kind;
import io.fastyoke.integrations.vault.Secret;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes to a token endpoint, and what is made of its answer (RFC 6749). */
class TokenEndpointTest {
  private final FakeEndpoint network = new FakeEndpoint();

  private List<TokenResult> ask(ClientGrant grant) {
    List<TokenResult> results = new ArrayList<>();
    network.tokens.fresh(grant, TENANT, WITHIN).subscribe().with(results::add);
    return results;
  }

  private TokenResult answered(int status, String body, String... header) {
    List<TokenResult> results = ask(FakeEndpoint.grant(false, Map.of()));
    network.last().answer(status, body, header);
    return results.get(0);
  }

  private static String token(TokenResult result) {
    return FakeEndpoint.text(result);
  }

  /** Section 2.3.1 and appendix B: encoded before they are joined. */
  @Test
  void basicIsOverEncodedNameAndSecret() {
    ask(FakeEndpoint.grant(false, Map.of()));
    String pair = "the+client:p%25%3As%2F%C3%BC";
    assertThat(network.last().headers())
        .contains(
            "Authorization: Basic "
                + Base64.getEncoder().encodeToString(pair.getBytes(UTF_8))
                + "\n",
            "Content-Type: application/x-www-form-urlencoded\n",
            "Accept: application/json\n");
    assertThat(network.last().body()).isEqualTo("grant_type=client_credentials");
    assertThat(network.last().request().method()).isEqualTo("POST");
    assertThat(network.last().request().origin()).isEqualTo(Origin.TENANT);
    assertThat(network.last().request().deadline()).isEqualTo(WITHIN);
  }

  @Test
  void theBodyHasThemInTheirPlaceWithAllParameters() {
    Map<String, Secret> parameters = new LinkedHashMap<>();
    parameters.put("scope", Secret.ofUtf8("a b:c"));
    parameters.put("resource", Secret.ofUtf8("https://api.example.com/x?y=ü&z"));
    ask(FakeEndpoint.grant(true, parameters));
    assertThat(network.last().headers()).doesNotContain("Authorization");
    assertThat(network.last().body())
        .isEqualTo(
            "grant_type=client_credentials&scope=a+b%3Ac"
                + "&resource=https%3A%2F%2Fapi.example.com%2Fx%3Fy%3D%C3%BC%26z"
                + "&client_id=the+client&client_secret=p%25%3As%2F%C3%BC");
  }

  @Test
  void whatWasSentIsWipedWhenItIsAnswered() {
    for (boolean inBody : List.of(true, false)) {
      ask(FakeEndpoint.grant(inBody, Map.of()));
      FakeEndpoint.Sent sent = network.last();
      sent.grant("t", 1);
      assertThat(sent.request().body()).containsOnly(0);
      assertThat(sent.request().headers())
          .filteredOn(header -> header.isSecret())
          .allSatisfy(header -> assertThat(header.value().chars()).containsOnly(0));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"access_token\":\"2YotnFZ.-_~+/=\",\"token_type\":\"bearer\",\"expires_in\":\"3600\"}",
        " {\"expires_in\":null,\"x\":{\"access_token\":[1]},\"access_token\":\"2YotnFZ.-_~+/=\"}",
        "{\"access_token\":\"2YotnFZ.-_~+\\/\\u003d\",\"token_type\":null,\"expires_in\":3599.7}",
        "{\"access_token\":\"2YotnFZ.-_~+/=\",\"refresh_token\":\"no\",\"expires_in\":1e99}"
      })
  void understands(String body) {
    assertThat(token(answered(200, body))).isEqualTo("2YotnFZ.-_~+/=");
  }

  /** No token, none for a header, or one that is not a bearer's. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "<html><body>Log in</body></html>",
        "[]",
        "\"t\"",
        "{}",
        "{\"access_token\":\"\"}",
        "{\"access_token\":null}",
        "{\"access_token\":5}",
        "{\"access_token\":\"a b\"}",
        "{\"access_token\":\"a\\r\\nX-A: b\"}",
        "{\"access_token\":\"t\\u00fc\"}",
        "{\"access_token\":\"\\ud800\"}",
        "{\"access_token\":\"t\"",
        "{\"access_token\":\"t\",\"token_type\":\"mac\"}",
        "{\"access_token\":\"t\",\"token_type\":[\"bearer\"]}"
      })
  void refusesToSend(String body) {
    Failed failed = (Failed) answered(200, body);
    assertThat(failed.kind()).isEqualTo(Kind.UNREACHABLE);
    assertThat(failed.message())
        .isEqualTo("The token endpoint answered 200, but with no token that can be sent.");
  }

  @Test
  void anAnswerThatIsTooLargeIsNone() {
    assertThat(answered(200, "{\"access_token\":\"" + "t".repeat(16_385) + "\"}"))
        .isInstanceOf(Failed.class);
    List<TokenResult> results = ask(FakeEndpoint.grant(false, Map.of()));
    byte[] body = "{\"access_token\":\"t\"}".getBytes(UTF_8);
    network
        .last()
        .answer()
        .complete(new Exchange.Answered(200, List.of(), body, true, Duration.ZERO));
    assertThat(results.get(0)).isInstanceOf(Failed.class);
    assertThat(body).as("what may be a token is wiped").containsOnly(0);
  }

  @ParameterizedTest
  @CsvSource({
    "400,REFUSED",
    "401,REFUSED",
    "403,REFUSED",
    "404,REFUSED",
    "408,REFUSED_FOR_NOW",
    "429,REFUSED_FOR_NOW",
    "500,UNREACHABLE",
    "503,UNREACHABLE",
    "302,UNREACHABLE",
    "600,UNREACHABLE"
  })
  void sortsStatusesByWhatMayBeDone(int status, Kind kind) {
    Failed failed = (Failed) answered(status, "", "Retry-After", "7");
    assertThat(failed.kind()).isEqualTo(kind);
    assertThat(failed.status()).isEqualTo(status);
    assertThat(failed.retryAfter()).isEqualTo(Duration.ofSeconds(7));
    assertThat(failed.message()).isEqualTo("The token endpoint answered " + status + ".");
  }

  /** Nothing else of an answer is told: it may be an echo. */
  @Test
  void tellsKnownCodesOnly() {
    assertThat(
            ((Failed)
                    answered(
                        401,
                        "{\"error\":\"invalid_client\",\"error_description\":\"hush is wrong\"}"))
                .message())
        .isEqualTo("The token endpoint answered 401 (invalid_client).");
    for (String body : List.of("{\"error\":\"hush\"}", "{\"error\":5}", "hush", "{\"error\":")) {
      assertThat(((Failed) answered(400, body)).message())
          .isEqualTo("The token endpoint answered 400.");
    }
  }

  @Test
  void tellsHowItEndedOnTheNetwork() {
    assertThat(failed(new Exchange.NotSent(Exchange.NotSent.Cause.BLOCKED, "No.", WITHIN)))
        .matches(failed -> failed.kind() == Kind.BLOCKED);
    assertThat(failed(new Exchange.NotSent(Exchange.NotSent.Cause.CLIENT_CERTIFICATE, "", WITHIN)))
        .matches(failed -> failed.kind() == Kind.UNREACHABLE_FOR_GOOD);
    assertThat(failed(new Exchange.NotSent(Exchange.NotSent.Cause.UNREACHABLE, "Why.", WITHIN)))
        .matches(failed -> failed.kind() == Kind.UNREACHABLE)
        .matches(failed -> failed.message().endsWith("could not be reached: Why."));
    for (Exchange.Broken.Fault fault : Exchange.Broken.Fault.values()) {
      assertThat(failed(new Exchange.Broken(fault, "", WITHIN)))
          .matches(failed -> failed.kind() == Kind.UNREACHABLE)
          .matches(failed -> failed.status() == null);
    }
  }

  private Failed failed(Exchange exchange) {
    List<TokenResult> results = ask(FakeEndpoint.grant(false, Map.of()));
    network.last().answer().complete(exchange);
    return (Failed) results.get(0);
  }

  /** A fault of ours is an outcome, too, and does not leave others waiting. */
  @Test
  void whatCannotBeAskedForFails() {
    List<TokenResult> results = new ArrayList<>();
    CredentialVersion version = FakeEndpoint.version(java.util.UUID.randomUUID(), 1);
    network
        .tokens
        .get(
            version,
            () -> {
              throw new IllegalStateException("hush");
            },
            TENANT,
            WITHIN)
        .subscribe()
        .with(results::add);
    assertThat(((Failed) results.get(0)).message()).doesNotContain("hush");
    network.ask(version, WITHIN);
    assertThat(network.sent).hasSize(1);
  }
}
