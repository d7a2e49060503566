package io.fastyoke.integrations.providers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.WebhookVerificationException;
import com.sun.management.ThreadMXBean;
import io.fastyoke.integrations.egress.EgressFixture;
import io.fastyoke.integrations.egress.Exchange.NotSent;
import io.fastyoke.integrations.egress.OutboundRequest;
import io.fastyoke.integrations.egress.guard.GuardDecision;
import io.fastyoke.integrations.errors.FieldProblem;
import io.fastyoke.integrations.redaction.Redactor;
import io.fastyoke.integrations.vault.Credentials;
import io.fastyoke.integrations.vault.HmacSha256;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GenericRestProviderTest extends ProviderContract {
  private static final String WHSEC = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

  @Override
  Provider providerAt(String url) {
    return new GenericRestProvider();
  }

  @Override
  Map<String, Object> credentialsFor(String url) {
    return new LinkedHashMap<>(
        Map.of(
            "base_url",
            url + "/base",
            "auth_header",
            "Bearer hush-bearer",
            "headers",
            Map.of("X-Api-Key", "hush-key"),
            "signing_secret",
            "hush-signing"));
  }

  @Override
  RenderedAction action() {
    return Samples.post(
        "/hooks/job-started", "{\"job_id\":\"job_1\",\"n\":12345678901234567890.10}");
  }

  @Override
  List<Integer> successes() {
    return List.of(200, 201, 202, 204);
  }

  private OutboundRequest request(Map<String, Object> fields, RenderedAction action, Instant now) {
    return Samples.request(
        provider(), Samples.credentials(fields), action, Samples.delivery(3, now));
  }

  private Map<String, Object> with(String field, Object value) {
    Map<String, Object> fields = credentialsFor(receiver().url());
    fields.put(field, value);
    return fields;
  }

  private List<FieldProblem> check(String field, Object value) {
    return provider().check(Samples.credentials(with(field, value)));
  }

  @Test
  void saysWhatItDelivers() throws Exception {
    receiver().send(request(credentialsFor(receiver().url()), action(), Samples.NOW));
    Receiver.Arrival arrival = receiver().arrived();
    assertThat(arrival.target()).isEqualTo("/base/hooks/job-started");
    assertThat(arrival.body()).isEqualTo("{\"job_id\":\"job_1\",\"n\":12345678901234567890.10}");
    assertThat(arrival.header("Content-Type")).isEqualTo("application/json");
    assertThat(arrival.header("Authorization")).isEqualTo("Bearer hush-bearer");
    assertThat(arrival.header("X-Api-Key")).isEqualTo("hush-key");
    assertThat(arrival.header("X-FastYoke-Event")).isEqualTo("start");
    assertThat(arrival.header("X-FastYoke-Delivery")).isEqualTo(Samples.DELIVERY.toString());
    assertThat(arrival.header("X-FastYoke-Attempt")).isEqualTo("3");
    assertThat(arrival.header("X-FastYoke-Timestamp"))
        .isEqualTo(Long.toString(Samples.NOW.getEpochSecond()));
    byte[] key = "hush-signing".getBytes(StandardCharsets.US_ASCII);
    assertThat(arrival.header("X-FastYoke-Signature"))
        .isEqualTo("sha256=" + hmac(key, arrival.body()));
  }

  @Test
  void satisfiesTheStandardVerifier() throws Exception {
    receiver().send(request(with("signing_secret", WHSEC), action(), Instant.now()));
    Receiver.Arrival arrival = receiver().arrived();
    new Webhook(WHSEC).verify(arrival.body(), webhookHeaders(arrival));
    assertThatThrownBy(
            () -> new Webhook(WHSEC).verify(arrival.body() + " ", webhookHeaders(arrival)))
        .isInstanceOf(WebhookVerificationException.class);
    assertThat(arrival.header("X-FastYoke-Signature"))
        .isEqualTo("sha256=" + hmac(WHSEC.getBytes(StandardCharsets.US_ASCII), arrival.body()));
  }

  /** As all libraries do, with and without the prefix, which is no part of the key. */
  @ParameterizedTest
  @ValueSource(ints = {24, 31, 32, 33, 64})
  void base64WithoutAPrefixIsAKeyToTheStandardVerifierToo(int bytes) throws Exception {
    byte[] key = new byte[bytes];
    Arrays.fill(key, (byte) 0xF3);
    String bare = Base64.getEncoder().encodeToString(key);
    assertThat(check("signing_secret", bare)).isEmpty();
    receiver().send(request(with("signing_secret", bare), action(), Instant.now()));
    Receiver.Arrival arrival = receiver().arrived();
    new Webhook(bare).verify(arrival.body(), webhookHeaders(arrival));
    new Webhook("whsec_" + bare).verify(arrival.body(), webhookHeaders(arrival));
    assertThat(arrival.header("X-FastYoke-Signature"))
        .isEqualTo("sha256=" + hmac(bare.getBytes(StandardCharsets.US_ASCII), arrival.body()));
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "application/x-www-form-urlencoded, {\"a\":[1;\"b c\"];\"n\":1.10}, a=1&a=b+c&n=1.10",
        "Application/X-WWW-Form-Urlencoded; charset=utf-8, \"a=1&b=%20\", a=1&b=%20",
        "text/plain, {\"a\":1}, {\"a\":1}",
        "text/plain, \"a \\\"b\\\"\", a \"b\"",
        "application/xml, \"<a/>\", <a/>",
        "application/vnd.api+json, \"a\", \"a\"",
        "application/x-ndjson, \"{} {}\", {} {}",
        "application/x-ndjson, {}, {}",
        "text/plain; charset=iso-8859-1, \"a\", a",
        "text/plain; charset=\"UTF-8\", \"\u00e4\", \u00e4",
      })
  void theBodyIsWhatItsTypeSays(String type, String body, String sent) throws Exception {
    JsonNode json = Samples.json(body.replace(';', ','));
    for (boolean ofCredential : List.of(true, false)) {
      Map<String, Object> fields = new LinkedHashMap<>(Map.of("base_url", receiver().url()));
      if (ofCredential) {
        fields.put("headers", Map.of("Content-Type", type));
      }
      List<Map.Entry<String, String>> headers =
          ofCredential ? List.of() : List.of(Map.entry("content-type", type));
      receiver()
          .send(request(fields, new RenderedAction("POST", "/x", headers, json), Samples.NOW));
      Receiver.Arrival arrival = receiver().arrived();
      assertThat(arrival.body()).isEqualTo(sent);
      assertThat(arrival.headers().get("Content-Type")).containsExactly(type);
    }
  }

  @Test
  void aTextIsWrittenInTheCharsetThatItsTypeNames() {
    Map.Entry<String, String> type = Map.entry("Content-Type", "text/csv; charset=ISO-8859-1");
    RenderedAction action =
        new RenderedAction("POST", "/x", List.of(type), Samples.json("\"gr\u00fcn\""));
    assertThat(request(Map.of("base_url", receiver().url()), action, Samples.NOW).body())
        .containsExactly('g', 'r', 0xFC, 'n');
  }

  @ParameterizedTest
  @CsvSource({
    "application/x-www-form-urlencoded, '[1]', must be an object or a text",
    "application/x-www-form-urlencoded, 1, must be an object or a text",
    "application/xml, '{}', must be a text",
    "multipart/form-data; boundary=x, '{}', must be a text",
    "text/plain; charset=us-ascii, '\"\u00e4\"', has letters",
    "'application/xml; charset=\"odd thing\"', '\"\u00e4\"', has letters",
  })
  void aBodyThatItsTypeCannotHoldIsRefused(String type, String body, String reason) {
    RenderedAction action =
        new RenderedAction(
            "POST", "/x", List.of(Map.entry("Content-Type", type)), Samples.json(body));
    assertThat(provider().checkAction(credentials(), action))
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.field()).isEqualTo("body");
              assertThat(problem.message()).startsWith(reason);
            });
  }

  @ParameterizedTest
  @CsvSource({
    "https://my_host.example.com/x,",
    "https://_a._b.example.com:8443,",
    "https://b\u00fccher.example.com, punycode",
    "https://a..example.com, no name",
    "https://a-.example.com, no name",
    "https://-a.example.com, no name",
    "https://a.example.com:x, a port that is a number",
    "https://a.example.com:99999, a port from 1 to 65535",
    "https://:443, must have a host",
    "https:///x, must name a host",
    "https://u:p@my_host.example.com, user name or password",
  })
  void saysWhatIsWrongWithAHost(String url, String reason) {
    List<FieldProblem> problems = check("base_url", url);
    if (reason == null) {
      assertThat(problems).isEmpty();
    } else {
      assertThat(problems)
          .singleElement()
          .satisfies(problem -> assertThat(problem.message()).contains(reason));
    }
  }

  /** No library could verify what it would say. */
  @ParameterizedTest
  @ValueSource(strings = {"hush-signing", "a-plain-word-of-some-length", "QUJDREVGR0hJSktMTU5P"})
  void aPlainSecretSignsTheBodyOnly(String plain) throws Exception {
    assertThat(check("signing_secret", plain)).isEmpty();
    receiver().send(request(with("signing_secret", plain), action(), Instant.now()));
    Receiver.Arrival arrival = receiver().arrived();
    assertThat(arrival.headers().keySet()).noneMatch(name -> name.startsWith("Webhook-"));
    assertThat(arrival.header("X-FastYoke-Signature"))
        .isEqualTo("sha256=" + hmac(plain.getBytes(StandardCharsets.US_ASCII), arrival.body()));
  }

  @ParameterizedTest
  @CsvSource({
    "'v1,whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA', leave out all before whsec_",
    "'v1a,whpk_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA', leave out all before whsec_",
    "'V1,whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA', leave out all before whsec_",
    "SIGNING_SECRET=whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA, leave out all before it",
    "WHSEC_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA, in capitals",
    "whsec-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA, whsec_",
    "whsk_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=, asymmetric",
    "whpk_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=, asymmetric",
    "'\"whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\"', in quotes",
    "short, at least 12 characters",
    "whsec_, 24 to 64 bytes",
    "whsec_AAAA, 24 to 64 bytes",
  })
  void saysWhatIsWrongWithASigningSecret(String secret, String reason) {
    assertThat(check("signing_secret", secret))
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.field()).isEqualTo("credentials.signing_secret");
              assertThat(problem.message()).contains(reason).doesNotContain("AAAA");
            });
  }

  @ParameterizedTest
  @CsvSource({
    "Bearer Bearer abc, twice",
    "bearer  BEARER abc, twice",
    "Basic Basic dTpw, twice",
    "'Authorization: Bearer abc', leave out Authorization:",
    "'\"Bearer abc\"', in quotes",
    "' Bearer abc', without spaces at either end",
  })
  void saysWhatIsWrongWithAPastedHeader(String value, String reason) {
    assertThat(check("auth_header", value))
        .singleElement()
        .satisfies(problem -> assertThat(problem.message()).contains(reason));
  }

  /** Whoever sees a fresh signature can send what it signs. */
  @Test
  void signaturesAreSecret() {
    Map<String, Object> fields = credentialsFor("https://a.example.com");
    fields.put("signing_secret", WHSEC);
    OutboundRequest request = request(fields, action(), Samples.NOW);
    assertThat(request.headers())
        .filteredOn(header -> header.name().toLowerCase(Locale.ROOT).endsWith("-signature"))
        .hasSize(2)
        .allMatch(OutboundRequest.Header::isSecret);
  }

  private static Map<String, List<String>> webhookHeaders(Receiver.Arrival arrival) {
    Map<String, List<String>> headers = new LinkedHashMap<>();
    for (String name : List.of("webhook-id", "webhook-timestamp", "webhook-signature")) {
      headers.put(name, List.of(arrival.header(name)));
    }
    return headers;
  }

  private static String hmac(byte[] key, String body) {
    return HexFormat.of().formatHex(HmacSha256.of(key, body.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void signsNothingWithoutASecret() {
    OutboundRequest request =
        request(Map.of("base_url", "https://a.example.com"), action(), Samples.NOW);
    assertThat(request.headers())
        .noneMatch(header -> header.name().startsWith("webhook-"))
        .noneMatch(header -> header.name().equals("X-FastYoke-Signature"))
        .noneMatch(OutboundRequest.Header::isSecret);
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "DELETE", "POST"})
  void sendsNoBodyWhereThereIsNone(String method) throws Exception {
    RenderedAction action = new RenderedAction(method, "/x", List.of(), null);
    OutboundRequest request = request(with("signing_secret", WHSEC), action, Instant.now());
    assertThat(request.body()).isNull();
    receiver().send(request);
    Receiver.Arrival arrival = receiver().arrived();
    assertThat(arrival.method()).isEqualTo(method);
    assertThat(arrival.header("Content-Type")).isEmpty();
    new Webhook(WHSEC).verify("", webhookHeaders(arrival));
  }

  @ParameterizedTest
  @ValueSource(strings = {"null", "\"text\"", "5", "[1,2]", "1e400", "-0.0"})
  void sendsAnyJson(String body) {
    OutboundRequest request =
        request(credentialsFor("http://a"), Samples.post("", body), Samples.NOW);
    JsonNode sent = Samples.json(new String(request.body(), StandardCharsets.UTF_8));
    assertThat(sent).isEqualTo(Samples.json(body));
    assertThat(request.body().length).isLessThan(12);
  }

  @Test
  void keepsEventTypesWithinAHeader() {
    Delivery odd =
        new Delivery(
            Samples.TENANT,
            Samples.DELIVERY,
            Samples.DELIVERY,
            1,
            Samples.NOW,
            "größe\r\nX-Evil: 100%",
            Duration.ofSeconds(1));
    assertThat(Samples.request(provider(), credentials(), action(), odd).headers())
        .anyMatch(
            header ->
                header.name().equals("X-FastYoke-Event")
                    && header.value().equals("gr%C3%B6%C3%9Fe%0D%0AX-Evil: 100%"));
  }

  @ParameterizedTest
  @CsvSource({
    "https://h.io,/x,https://h.io/x",
    "https://h.io/,/x,https://h.io/x",
    "https://h.io/a,/x?q=1,https://h.io/a/x?q=1",
    "https://h.io/a/,/x,https://h.io/a/x",
    "https://h.io/a/,'',https://h.io/a/",
    "https://h.io:8443/a,'',https://h.io:8443/a"
  })
  void joinsPaths(String base, String path, String target) {
    assertThat(BaseUrl.join(base, path)).hasToString(target);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ftp://h.io",
        "//h.io",
        "h.io",
        "https:h.io",
        "https://",
        "https://user:pw@h.io",
        "https://user@h.io",
        "https://h.io?x=1",
        "https://h.io#x",
        "https://h.io:0",
        "https://h.io:99999",
        "https://h.io/a/../b",
        "https://h.io/%2e%2e",
        "https://h.io//a",
        "https://h.io/a b",
        "https://größe.io",
        "https://h.io\\@evil.test"
      })
  void refusesBaseUrls(String url) {
    assertThat(check("base_url", url))
        .extracting(FieldProblem::field)
        .containsExactly("credentials.base_url");
    assertThat(provider().tenantTarget(Samples.credentials(with("base_url", url)))).isEmpty();
  }

  @Test
  void namesItsTarget() {
    Credentials credentials = Samples.credentials(Map.of("base_url", "https://h.io:8443/a"));
    assertThat(provider().tenantTarget(credentials)).contains(URI.create("https://h.io:8443/a"));
    assertThat(provider().check(credentials)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Authorization",
        "host",
        "Content-Length",
        "Transfer-Encoding",
        "Connection",
        "Keep-Alive",
        "TE",
        "Trailer",
        "Upgrade",
        "Expect",
        "Proxy-Authorization",
        "X-FastYoke-Delivery",
        "webhook-id",
        "User-Agent",
        "Idempotency-Key",
        "Accept-Encoding",
        "X:Y",
        "X Y",
        "X\r\nY",
        "Größe",
        "",
        ":path"
      })
  void refusesHeaderNames(String name) {
    assertThat(check("headers", Map.of(name, "v")))
        .extracting(FieldProblem::field)
        .containsExactly("credentials.headers." + name);
    assertThat(provider().checkTemplate(new ActionTemplate(null, "/x", Map.of(name, "v"), null)))
        .extracting(FieldProblem::field)
        .containsExactly("headers." + name);
    RenderedAction action = new RenderedAction("POST", "/x", List.of(Map.entry(name, "v")), null);
    assertThat(provider().checkAction(credentials(), action))
        .extracting(FieldProblem::field)
        .containsExactly("headers." + name);
  }

  @Test
  void refusesHeadersThatAreSetAlready() {
    for (String name : List.of("X-Api-Key", "x-api-key")) {
      RenderedAction action = new RenderedAction("POST", "/x", List.of(Map.entry(name, "v")), null);
      assertThat(provider().checkAction(credentials(), action))
          .containsExactly(
              new FieldProblem("headers." + name, "is given twice, or is set by the connection"));
    }
    assertThat(check("headers", new LinkedHashMap<>(Map.of("X-A", "1", "x-a", "2")))).hasSize(1);
  }

  @Test
  void refusesHeaderValues() {
    for (String value : List.of("a\nb", "a\u0000b", "é", "a\u007f", "x".repeat(8193))) {
      ActionTemplate template = new ActionTemplate(null, "/x", Map.of("X-A", value), null);
      assertThat(provider().checkTemplate(template)).hasSize(1);
      RenderedAction action =
          new RenderedAction("POST", "/x", List.of(Map.entry("X-A", value)), null);
      assertThat(provider().checkAction(credentials(), action)).hasSize(1);
    }
  }

  @Test
  void letsAnActionSetItsOwnHeaders() throws Exception {
    RenderedAction action =
        new RenderedAction(
            "PUT",
            "/x",
            List.of(
                Map.entry("X-Job", "job 1"), Map.entry("content-type", "application/vnd.api+json")),
            Samples.json("{}"));
    receiver().send(request(credentialsFor(receiver().url()), action, Samples.NOW));
    Receiver.Arrival arrival = receiver().arrived();
    assertThat(arrival.header("X-Job")).isEqualTo("job 1");
    assertThat(arrival.headers().get("Content-Type")).containsExactly("application/vnd.api+json");
  }

  @Test
  void refusesABodyWithGet() {
    assertThat(
            provider().checkTemplate(new ActionTemplate("GET", "/x", Map.of(), Samples.json("1"))))
        .extracting(FieldProblem::field)
        .containsExactly("body");
  }

  @ParameterizedTest
  @CsvSource({"16,false", "24,true", "64,true", "65,false"})
  void checksTheLengthOfAPrefixedSecret(int bytes, boolean good) {
    String secret = "whsec_" + Base64.getEncoder().encodeToString(new byte[bytes]);
    assertThat(check("signing_secret", secret).isEmpty()).isEqualTo(good);
  }

  @Test
  void refusesAPrefixedSecretThatIsNotBase64() {
    assertThat(check("signing_secret", "whsec_not*base64"))
        .extracting(FieldProblem::field)
        .containsExactly("credentials.signing_secret");
  }

  @Test
  void refusesEntriesInTheWrongPlace() {
    assertThat(check("headers", "X-A: b"))
        .containsExactly(
            new FieldProblem("credentials.headers", "must be an object of names and strings"));
    assertThat(check("auth_header", Map.of("a", "b")))
        .containsExactly(new FieldProblem("credentials.auth_header", "must be a string"));
    assertThat(check("headers", Map.of("X-A", 5)))
        .containsExactly(new FieldProblem("credentials.headers.X-A", "must be a string"));
    Map<String, String> many = new LinkedHashMap<>();
    for (int i = 0; i < 51; i++) {
      many.put("X-" + i, "v");
    }
    assertThat(check("headers", many))
        .containsExactly(new FieldProblem("credentials.headers", "must have at most 50 entries"));
  }

  @Test
  void sharesNoConnectionsBetweenTenants() {
    OutboundRequest request = request(credentialsFor("https://h.io"), action(), Samples.NOW);
    assertThat(request.pool()).isEqualTo("tenant:acme");
    assertThat(request.origin()).isEqualTo(OutboundRequest.Origin.TENANT);
    OutboundRequest test =
        provider().testRequest(Samples.TENANT, credentials(), Duration.ofSeconds(1));
    assertThat(test.pool()).isEqualTo("tenant:acme");
    assertThat(test.origin()).isEqualTo(OutboundRequest.Origin.TENANT);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://169.254.169.254",
        "https://10.1.2.3",
        "https://[fdaa::3]",
        "https://[::1]",
        "https://localhost",
        "https://metadata.google.internal"
      })
  void aTestIsJudgedAsAnAttemptAndAsWhatIsSaved(String url) {
    Credentials credentials = Samples.credentials(Map.of("base_url", url));
    RenderedAction action = Samples.post("/x", "{}");
    Delivery delivery = Samples.delivery(1, Samples.NOW);
    try (EgressFixture fixture = EgressFixture.shipped()) {
      OutboundRequest test =
          provider().testRequest(Samples.TENANT, credentials, Duration.ofSeconds(5));
      assertThat(provider().judgeTest(fixture.send(test)).outcome())
          .isEqualTo(TestVerdict.TestOutcome.BLOCKED);
      assertThat(fixture.send(Samples.request(provider(), credentials, action, delivery)))
          .isInstanceOfSatisfying(
              NotSent.class, end -> assertThat(end.cause()).isEqualTo(NotSent.Cause.BLOCKED));
      assertThat(fixture.check(provider().tenantTarget(credentials).orElseThrow().toString()))
          .extracting(GuardDecision::status)
          .isEqualTo(GuardDecision.Status.BLOCKED);
    }
  }

  @Test
  void countsAnyAnswerBelow500AsReached() {
    for (int status : List.of(200, 204, 302, 404, 405, 429)) {
      assertThat(provider().judgeTest(Samples.answer(status, "")).outcome())
          .isEqualTo(TestVerdict.TestOutcome.OK);
    }
  }

  @Test
  void redactsAllButTheHost() {
    Map<String, Object> fields = with("auth_header", "Basic dXNlcjpwYXNzd29yZA==");
    fields.put("signing_secret", WHSEC);
    fields.put("base_url", "https://hooks.example.com/base");
    try (Redactor redactor = provider().redactor(Samples.credentials(fields))) {
      assertThat(
              redactor.redact(
                  "https://hooks.example.com/base hush-key dXNlcjpwYXNzd29yZA== password "
                      + WHSEC.substring(6)))
          .isEqualTo(
              "https://hooks.example.com[redacted] [redacted] [redacted] [redacted] [redacted]");
    }
  }

  /** What they are searched with is many times as large as they are. */
  @Test
  void theLargestCredentialsAreFoundInLittleMemory() {
    Map<String, Object> fields = largest();
    String value = String.valueOf(fields.get("auth_header"));
    try (Credentials credentials = Samples.credentials(fields);
        Redactor redactor = provider().redactor(credentials)) {
      ThreadMXBean thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();
      long before = thread.getCurrentThreadAllocatedBytes();
      assertThat(redactor.redact("You sent " + value + ".")).isEqualTo("You sent [redacted].");
      assertThat(thread.getCurrentThreadAllocatedBytes() - before).isLessThan(32 << 20);
    }
  }

  /** As many headers of the greatest length as may be saved, with values like no other. */
  private Map<String, Object> largest() {
    Random random = new Random(7);
    Map<String, Object> fields = with("auth_header", value(random));
    Map<String, Object> headers = new LinkedHashMap<>();
    fields.put("headers", headers);
    for (int i = 0; provider().check(Samples.credentials(fields)).isEmpty(); i++) {
      headers.put("X-" + i, value(random));
    }
    headers.remove("X-" + (headers.size() - 1));
    assertThat(headers).isNotEmpty();
    return fields;
  }

  private static String value(Random random) {
    int longest = 8_192;
    StringBuilder text = new StringBuilder("Scheme ");
    random.ints(longest - text.length(), '!', '~' + 1).forEach(c -> text.append((char) c));
    return text.toString();
  }

  @Test
  void canBeSentTwice() {
    assertThat(provider().receiverDeduplicates()).isTrue();
  }
}
