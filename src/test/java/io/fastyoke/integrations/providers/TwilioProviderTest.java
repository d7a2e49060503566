package io.fastyoke.integrations.providers;

import static org.assertj.core.api.Assertions.assertThat;

import io.fastyoke.integrations.egress.OutboundRequest;
import io.fastyoke.integrations.egress.OutboundRequest.Header;
import io.fastyoke.integrations.errors.FieldProblem;
import io.fastyoke.integrations.providers.TestVerdict.TestOutcome;
import io.fastyoke.integrations.redaction.Redactor;
import io.fastyoke.integrations.vault.Credentials;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TwilioProviderTest extends ProviderContract {
  private static final String SID = "AC0123456789abcdef0123456789ABCDEF";
  private static final String KEY = "SK0123456789abcdef0123456789ABCDEF";

  @Override
  Provider providerAt(String url) {
    return new TwilioProvider(Samples.allAt(url));
  }

  @Override
  Map<String, Object> credentialsFor(String url) {
    return new LinkedHashMap<>(Map.of("account_sid", SID, "auth_token", "hush-token"));
  }

  @Override
  RenderedAction action() {
    return Samples.post("/Messages.json", "{\"To\":\"+15005550006\",\"Body\":\"Hi & bye\"}");
  }

  @Override
  List<Integer> successes() {
    return List.of(201);
  }

  private static OutboundRequest published(Map<String, ?> credentials) {
    return Samples.request(
        new TwilioProvider(Samples.PUBLISHED),
        Samples.credentials(credentials),
        Samples.post("/Messages.json", "{}"),
        Samples.delivery(1, Samples.NOW));
  }

  private static String basic(OutboundRequest request) {
    Header auth = request.headers().get(0);
    assertThat(auth.name()).isEqualTo("Authorization");
    String value = auth.value().toString();
    assertThat(value).startsWith("Basic ");
    return new String(Base64.getDecoder().decode(value.substring(6)), StandardCharsets.UTF_8);
  }

  @Test
  void sendsAFormToTheAccount() throws Exception {
    receiver()
        .send(
            Samples.request(provider(), credentials(), action(), Samples.delivery(1, Samples.NOW)));
    Receiver.Arrival arrival = receiver().arrived();
    assertThat(arrival.target()).isEqualTo("/2010-04-01/Accounts/" + SID + "/Messages.json");
    assertThat(arrival.header("Content-Type")).isEqualTo("application/x-www-form-urlencoded");
    assertThat(arrival.body()).isEqualTo("To=%2B15005550006&Body=Hi+%26+bye");
    assertThat(arrival.headers().keySet())
        .noneMatch(name -> name.toLowerCase(Locale.ROOT).startsWith("x-fastyoke"));
  }

  @Test
  void authenticatesWithTokenOrKey() {
    OutboundRequest token = published(Map.of("account_sid", SID, "auth_token", "t0ken"));
    assertThat(basic(token)).isEqualTo(SID + ":t0ken");
    OutboundRequest key =
        published(Map.of("account_sid", SID, "api_key_sid", KEY, "api_key_secret", "s3cret"));
    assertThat(basic(key)).isEqualTo(KEY + ":s3cret");
    assertThat(key.target().toString())
        .isEqualTo("https://api.twilio.com/2010-04-01/Accounts/" + SID + "/Messages.json");
    assertThat(key.pool()).isEqualTo("twilio");
    assertThat(key.origin()).isEqualTo(OutboundRequest.Origin.OPERATOR);
  }

  @Test
  void goesToTheRegion() {
    OutboundRequest request =
        published(Map.of("account_sid", SID, "auth_token", "t", "region", "dublin.ie1"));
    assertThat(request.target().getHost()).isEqualTo("api.dublin.ie1.twilio.com");
  }

  @Test
  void wantsOneWayOfAuthenticating() {
    check(Map.of(), "auth_token", "is required unless");
    check(Map.of("api_key_sid", KEY), "api_key_secret", "is required with api_key_sid");
    check(Map.of("api_key_secret", "x"), "api_key_sid", "is required with api_key_secret");
    check(
        Map.of("auth_token", "t", "api_key_sid", KEY, "api_key_secret", "x"),
        "auth_token",
        "cannot be given together");
  }

  private void check(Map<String, String> more, String field, String message) {
    Map<String, String> fields = new LinkedHashMap<>(more);
    fields.put("account_sid", SID);
    assertThat(provider().check(Samples.credentials(fields)))
        .singleElement()
        .matches(problem -> problem.field().equals("credentials." + field))
        .matches(problem -> problem.message().startsWith(message));
  }

  @Test
  void refusesOtherShapes() {
    Map<String, List<String>> bad =
        Map.of(
            "account_sid", List.of("AC123", "SK0123456789abcdef0123456789abcdef", SID + "/../x"),
            "region", List.of("ie1", "evil.test/x", "a.ie1.evil", "dublin.ie1.", "-x.ie1"));
    bad.forEach(
        (field, values) ->
            values.forEach(
                value -> {
                  Map<String, Object> fields = credentialsFor("");
                  fields.put(field, value);
                  assertThat(provider().check(Samples.credentials(fields)))
                      .as(value)
                      .extracting(FieldProblem::field)
                      .containsExactly("credentials." + field);
                }));
    assertThat(provider().check(Samples.credentials(Map.of("account_sid", "x", "auth_token", "t"))))
        .containsExactly(
            new FieldProblem(
                "credentials.account_sid", "must be AC followed by 32 hexadecimal digits"));
  }

  @Test
  void takesOnlyPathAndBody() {
    ActionTemplate template =
        new ActionTemplate("GET", null, Map.of("X-A", "b"), Samples.json("[1]"));
    assertThat(provider().checkTemplate(template))
        .extracting(FieldProblem::field)
        .containsExactly("method", "headers", "path", "body");
    RenderedAction action =
        new RenderedAction("PUT", "/x", List.of(Map.entry("X-A", "b")), Samples.json("\"text\""));
    assertThat(provider().checkAction(credentials(), action))
        .extracting(FieldProblem::field)
        .containsExactly("method", "headers", "body");
  }

  @Test
  void testsWithOnePhoneNumber() {
    OutboundRequest test =
        new TwilioProvider(Samples.PUBLISHED)
            .testRequest(Samples.TENANT, credentials(), Duration.ofSeconds(1));
    assertThat(test.target())
        .hasToString(
            "https://api.twilio.com/2010-04-01/Accounts/"
                + SID
                + "/IncomingPhoneNumbers.json?PageSize=1");
    assertThat(provider().judgeTest(Samples.answer(404, "")).outcome())
        .isEqualTo(TestOutcome.UNAUTHORIZED);
  }

  @Test
  void redactsIdentifiersAndPairs() {
    Credentials key =
        Samples.credentials(
            Map.of(
                "account_sid",
                SID,
                "api_key_sid",
                KEY,
                "api_key_secret",
                "s3cret",
                "region",
                "dublin.ie1"));
    String pair =
        Base64.getEncoder().encodeToString((KEY + ":s3cret").getBytes(StandardCharsets.US_ASCII));
    try (Redactor redactor = provider().redactor(key)) {
      assertThat(redactor.redact(SID + " " + KEY + " s3cret " + pair + " dublin.ie1"))
          .isEqualTo("[redacted] [redacted] [redacted] [redacted] dublin.ie1");
    }
  }

  @Test
  void cannotBeSentTwice() {
    assertThat(provider().receiverDeduplicates()).isFalse();
    assertThat(provider().tenantTarget(credentials())).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"account_sid\":\"AC1\",\"sid\":\"SM12\",\"status\":\"queued\"}|SM12",
        "{\"x\":{\"sid\":\"no\"},\"sid\":\"CA1\",\"cut|CA1",
        "{\"x\":[{\"sid\":\"no\"}]}|",
        "{\"sid\":12}|",
        "{\"sid\":\"not an id\"}|",
        "{\"sid\":\"\"}|",
        "[\"sid\",\"SM1\"]|",
        "<html>sid</html>|"
      })
  void namesTheMessageByItsSid(String body, String id) {
    assertThat(provider().messageId(Samples.answer(201, body)).orElse(null)).isEqualTo(id);
  }
}
