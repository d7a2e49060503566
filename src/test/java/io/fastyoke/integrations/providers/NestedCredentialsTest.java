package io.fastyoke.integrations.providers;

import static org.assertj.core.api.Assertions.assertThat;

import io.fastyoke.integrations.egress.OutboundRequest;
import io.fastyoke.integrations.egress.OutboundRequest.Header;
import io.fastyoke.integrations.errors.FieldProblem;
import io.fastyoke.integrations.redaction.Redactor;
import io.fastyoke.integrations.vault.Credentials;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Credentials with parts of their own: what is refused by which name, what is sent, what shows. */
class NestedCredentialsTest {
  private static final String BASE = "\"base_url\":\"https://h.io/s3cret-base\"";

  private final Provider provider = new GenericRestProvider();

  private Credentials credentials(String rest) {
    return Samples.credentials("{" + BASE + (rest.isEmpty() ? "" : ",") + rest + "}");
  }

  private OutboundRequest request(Credentials credentials, String path) {
    assertThat(provider.check(credentials)).isEmpty();
    return Samples.request(
        provider, credentials, Samples.post(path, "{}"), Samples.delivery(1, Samples.NOW));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'basic':{'usernme':'hush','password':'hush'}|basic.usernme is not a field of basic;"
            + "basic.username is required",
        "'basic':{}|basic.username is required;basic.password is required",
        "'basic':'hush'|basic must be an object with username, password",
        "'basic':[{'username':'hush'}]|basic must be an object with username, password",
        "'basic':null|basic must be an object with username, password",
        "'basic':{'username':'u','password':7}|basic.password must be a string",
        "'basic':{'username':'u','password':{'a':'hush'}}|basic.password must be a string",
        "'basic':{'username':'u:hush','password':'p'}|basic.username must be without a colon,"
            + " control characters, or spaces at either end",
        "'basic':{'username':'','password':'p'}|basic.username must not be empty",
        "'basic':{'username':'u','password':' hush'}|basic.password must be without control"
            + " characters, or spaces at either end",
        "'basic':{'username':'u','password':'hush\\n'}|basic.password must be without control"
            + " characters, or spaces at either end",
        "'basic':{'username':'u','password':'\u00a0hush'}|basic.password must be without white"
            + " space at either end",
        "'query':{'a':'h\u00e0\u00a0sh','b':'hush\ufeff'}|query.b must be without white space at"
            + " either end",
        "'signing_secrets':['\u200bhush-hush-hush']|signing_secrets[0] must be visible ASCII"
            + " characters without spaces",
        "'signing_secrets':['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw']]"
            + "|signing_secrets[1] must be a string",
        "'oauth2':{'token_url':'https://u:hush@h.io/t','client_id':'c','client_secret':'s'}"
            + "|oauth2.token_url must not hold a user name or password; use client_id and"
            + " client_secret",
        "'oauth2':{'token_url':'https://h.io/t?hush','client_id':'c','client_secret':'s'}"
            + "|oauth2.token_url must not have a query or a fragment; use parameters",
        "'basic':{'username':'u'},'basic':{'password':'p'}|basic must be given once only",
        "'basic':{'username':'u','username':'v','password':'p'}|basic.username must be given once"
            + " only",
        "'basic.username':'u','basic.password':'p'|basic.username is not a field of generic_rest;"
            + "basic.password is not a field of generic_rest",
        "'headers.X-A':'hush'|headers.X-A is not a field of generic_rest",
        "'':{'signing_secret':'hush'}|'' is not a field of generic_rest",
        "'auth_header':'Bearer x','basic':{'username':'u','password':'p'}|basic cannot be given"
            + " together with auth_header; give one",
        "'query':'hush'|query must be an object of names and strings",
        "'query':['hush']|query must be an object of names and strings",
        "'query':{'a':['hush']}|query.a must be a string",
        "'query':{'a':{'b':'hush'}}|query.a must be a string",
        "'query':{'':'hush'}|query. must have a name of 1 to 256 characters, none of them control",
        "'query':{'a':'hush '}|query.a must be without control characters, or spaces at either end",
        "'nonsense':{'username':'hush'}|nonsense is not a field of generic_rest",
      })
  void namesWhatIsWrongAndNeverQuotes(String json, String expected) {
    List<FieldProblem> problems = provider.check(credentials(json.replace("'", "\"")));
    assertThat(problems)
        .extracting(p -> p.field().replaceFirst("credentials\\.", "") + " " + p.message())
        .containsExactlyInAnyOrder(expected.split(";(?=[a-z']+)"));
    assertThat(problems.toString()).doesNotContain("hush");
  }

  /** Audience and resource often are the receiver's own address, which is shown. */
  @Test
  void whatIsAskedForATokenHidesNoTarget() {
    Map<String, Object> oauth2 =
        Map.of(
            "token_url", "https://login.h.io/token",
            "client_id", "hush-client",
            "client_secret", "hush%secret",
            "scope", "orders",
            "audience", "https://h.io",
            "parameters", Map.of("resource", "https://h.io/orders"));
    GenericRestProvider provider = new GenericRestProvider();
    try (Credentials credentials =
        Samples.credentials(Map.of("base_url", "https://h.io", "oauth2", oauth2))) {
      assertThat(provider.check(credentials)).isEmpty();
      OutboundRequest request =
          Samples.request(
              provider,
              credentials,
              Samples.post("/orders/1", "{}"),
              Samples.delivery(1, Samples.NOW));
      assertThat(provider.shown(credentials, request)).isEqualTo("https://h.io/orders/1");
      try (Redactor redactor = provider.redactor(credentials)) {
        assertThat(redactor.redact("https://h.io/orders orders hush-client hush%25secret"))
            .isEqualTo("[redacted] orders [redacted] [redacted]");
      }
    }
  }

  @Test
  void refusesTooManyAndTooLongParameters() {
    StringBuilder many = new StringBuilder();
    for (int i = 0; i < 51; i++) {
      many.append(i == 0 ? "" : ",").append("\"n").append(i).append("\":\"v\"");
    }
    assertThat(provider.check(credentials("\"query\":{" + many + "}")))
        .containsExactly(new FieldProblem("credentials.query", "must have at most 50 entries"));
    assertThat(provider.check(credentials("\"query\":{\"a\":\"" + "ü".repeat(4096) + "\"}")))
        .extracting(FieldProblem::field)
        .containsExactly("credentials.query");
    assertThat(provider.check(credentials("\"query\":{\"a\":\"" + "x".repeat(4097) + "\"}")))
        .extracting(FieldProblem::field)
        .containsExactly("credentials.query.a");
  }

  /** The examples of RFC 7617, sections 2 and 2.1, and an API key without a password. */
  @ParameterizedTest
  @CsvSource({
    "Aladdin, open sesame, QWxhZGRpbjpvcGVuIHNlc2FtZQ==",
    "test, 123£, dGVzdDoxMjPCow==",
    "sk_live_4eC39, '', c2tfbGl2ZV80ZUMzOTo="
  })
  void signsInWithUserAndPassword(String user, String password, String encoded) {
    Credentials credentials =
        credentials(
            "\"basic\":{\"username\":\"%s\",\"password\":\"%s\"}".formatted(user, password));
    OutboundRequest request = request(credentials, "/x");
    assertThat(request.headers())
        .filteredOn(h -> h.name().equals("Authorization"))
        .hasSize(1)
        .allMatch(Header::isSecret)
        .allMatch(h -> h.value().toString().equals("Basic " + encoded));
    credentials.close();
    assertThat(request.headers())
        .filteredOn(Header::isSecret)
        .allMatch(header -> header.value().chars().allMatch(c -> c == 0));
  }

  @Test
  void addsItsParametersToEveryAddressAndShowsNoneOfTheirValues() {
    Credentials credentials =
        credentials("\"query\":{\"api key\":\"h&sh=1+ü/?#\",\"a.b\":\"hush2hush\",\"flag\":\"\"}");
    String sent = "api%20key=h%26sh%3D1%2B%C3%BC%2F%3F%23&a.b=hush2hush&flag=";
    String shown = "api%20key=[redacted]&a.b=[redacted]&flag=[redacted]";
    Map.of("/x", "/x?", "/x?y=1", "/x?y=1&", "", "?")
        .forEach(
            (path, start) -> {
              OutboundRequest request = request(credentials, path);
              assertThat(request.target()).hasToString("https://h.io/s3cret-base" + start + sent);
              assertThat(provider.shown(credentials, request))
                  .isEqualTo("https://h.io/…" + start + shown);
            });
    OutboundRequest test =
        provider.testRequest(Samples.TENANT, credentials, java.time.Duration.ofSeconds(1));
    assertThat(test.target()).hasToString("https://h.io/s3cret-base?" + sent);
    assertThat(provider.shown(credentials, test)).isEqualTo("https://h.io/…?" + shown);
  }

  @ParameterizedTest
  @CsvSource({"/x?a+b=2", "/x?y=1&a%20b", "/x?y=1&%61%20b=2"})
  void noActionSetsAParameterOfTheCredential(String path) {
    Credentials credentials = credentials("\"query\":{\"a b\":\"1\"}");
    assertThat(provider.checkAction(credentials, Samples.post(path, "{}")))
        .containsExactly(
            new FieldProblem("path", "must not have a query parameter that the connection sets"));
    assertThat(provider.checkAction(credentials, Samples.post("/x?a=1&A%20b=2&%zz", "{}")))
        .extracting(FieldProblem::field)
        .doesNotContain("path.query");
  }

  @Test
  void findsEveryPartInWhateverForm() {
    Credentials credentials =
        credentials(
            "\"basic\":{\"username\":\"us3r-näme\",\"password\":\"p4ss \\\"wörd&\"},"
                + "\"query\":{\"k\":\"qu3ry&val=ue\"}");
    request(credentials, "/x");
    List<String> secrets = List.of("us3r-näme", "p4ss \"wörd&", "qu3ry&val=ue");
    String pair = secrets.get(0) + ":" + secrets.get(1);
    try (Redactor redactor = provider.redactor(credentials)) {
      for (String form :
          List.of(
              base64(pair),
              "Basic " + base64(pair),
              pair,
              URLEncoder.encode(pair, StandardCharsets.UTF_8),
              base64("xx" + secrets.get(1)),
              URLEncoder.encode(secrets.get(1), StandardCharsets.UTF_8),
              secrets.get(1).replace("\"", "\\\""),
              secrets.get(2),
              URLEncoder.encode(secrets.get(2), StandardCharsets.UTF_8),
              base64(secrets.get(2)))) {
        String clean = redactor.redact("before " + form + " behind");
        assertThat(clean).startsWith("before ").endsWith(" behind").contains("[redacted]");
        assertThat(clean).doesNotContain("p4ss", "us3r", "qu3ry", form);
      }
    }
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
