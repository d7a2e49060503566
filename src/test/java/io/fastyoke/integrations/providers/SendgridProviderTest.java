package io.fastyoke.integrations.providers;

import static org.assertj.core.api.Assertions.assertThat;

import io.fastyoke.integrations.egress.OutboundRequest;
import io.fastyoke.integrations.errors.FieldProblem;
import io.fastyoke.integrations.providers.TestVerdict.TestOutcome;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SendgridProviderTest extends ProviderContract {

  @Override
  Provider providerAt(String url) {
    return new SendgridProvider(Samples.allAt(url));
  }

  @Override
  Map<String, Object> credentialsFor(String url) {
    return new LinkedHashMap<>(Map.of("api_key", "hush.SG-key_1", "on_behalf_of", "hush-user"));
  }

  @Override
  RenderedAction action() {
    return Samples.post("/mail/send", "{\"subject\":\"Grüße\",\"n\":1.10}");
  }

  @Override
  List<Integer> successes() {
    return List.of(200, 202);
  }

  @Test
  void sendsJsonWithABearer() throws Exception {
    receiver()
        .send(
            Samples.request(provider(), credentials(), action(), Samples.delivery(1, Samples.NOW)));
    Receiver.Arrival arrival = receiver().arrived();
    assertThat(arrival.target()).isEqualTo("/v3/mail/send");
    assertThat(arrival.header("Authorization")).isEqualTo("Bearer hush.SG-key_1");
    assertThat(arrival.header("on-behalf-of")).isEqualTo("hush-user");
    assertThat(arrival.header("Content-Type")).isEqualTo("application/json");
    assertThat(arrival.body()).isEqualTo("{\"subject\":\"Grüße\",\"n\":1.10}");
  }

  @ParameterizedTest
  @CsvSource({
    ",https://api.sendgrid.com/v3/scopes",
    "global,https://api.sendgrid.com/v3/scopes",
    "eu,https://api.eu.sendgrid.com/v3/scopes"
  })
  void goesToTheRegion(String region, String target) {
    Map<String, Object> fields = new LinkedHashMap<>(Map.of("api_key", "k"));
    if (region != null) {
      fields.put("region", region);
    }
    OutboundRequest test =
        new SendgridProvider(Samples.PUBLISHED)
            .testRequest(Samples.TENANT, Samples.credentials(fields), Duration.ofSeconds(1));
    assertThat(test.target()).hasToString(target);
    assertThat(test.pool()).isEqualTo("sendgrid");
    assertThat(test.origin()).isEqualTo(OutboundRequest.Origin.OPERATOR);
  }

  @Test
  void knowsItsRegions() {
    Map<String, String> fields = Map.of("api_key", "k", "region", "mars");
    assertThat(provider().check(Samples.credentials(fields)))
        .containsExactly(new FieldProblem("credentials.region", "must be one of global, eu"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"scopes\":[\"alerts.read\",\"mail.send\"]}|OK",
        "{\"scopes\":[\"mail.send\",\"cut|OK",
        "{\"scopes\":[\"mail.send.x\",\"alerts.read\"]}|NOT_PERMITTED",
        "{\"scopes\":[]}|NOT_PERMITTED",
        "{\"other\":\"mail.send\"}|NOT_PERMITTED",
        "<html>mail.send</html>|NOT_PERMITTED"
      })
  void looksForThePermissionToSend(String body, TestOutcome outcome) {
    TestVerdict verdict = provider().judgeTest(Samples.answer(200, body));
    assertThat(verdict.outcome()).isEqualTo(outcome);
  }

  @Test
  void waitsForTheEndOfTheWindowOnlyAfterATooManyRequests() {
    String reset = Long.toString(Samples.NOW.getEpochSecond() + 30);
    assertThat(retryAfter(429, "x-ratelimit-reset", reset)).isEqualTo(Duration.ofSeconds(30));
    assertThat(retryAfter(503, "X-RateLimit-Reset", reset)).isNull();
    assertThat(retryAfter(503, "Retry-After", "7")).isEqualTo(Duration.ofSeconds(7));
  }

  private Duration retryAfter(int status, String... header) {
    return ((AnswerVerdict.Rejected)
            provider().judge(Samples.answer(status, "", header), Samples.NOW))
        .retryAfter();
  }

  @Test
  void cannotBeSentTwice() {
    assertThat(provider().receiverDeduplicates()).isFalse();
  }

  @Test
  void namesTheMessageByItsHeader() {
    assertThat(provider().messageId(Samples.answer(202, "", "X-Message-ID", "14c5d75ce93.dfd")))
        .contains("14c5d75ce93.dfd");
    assertThat(provider().messageId(Samples.answer(202, "", "X-Message-Id", "a b"))).isEmpty();
    assertThat(provider().messageId(Samples.answer(200, "{\"sid\":\"x\"}"))).isEmpty();
  }
}
