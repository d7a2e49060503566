package io.fastyoke.integrations.providers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.fastyoke.integrations.egress.Exchange;
import io.fastyoke.integrations.egress.OutboundRequest;
import io.fastyoke.integrations.egress.OutboundRequest.Header;
import io.fastyoke.integrations.errors.FieldProblem;
import io.fastyoke.integrations.providers.TestVerdict.TestOutcome;
import io.fastyoke.integrations.providers.description.ProviderDescription;
import io.fastyoke.integrations.providers.description.ProviderDescription.Field;
import io.fastyoke.integrations.redaction.Redactor;
import io.fastyoke.integrations.vault.Credentials;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every provider keeps. Each adapter's test class extends it. */
abstract class ProviderContract {
  private static final Duration DEADLINE = Duration.ofSeconds(5);
  private static final String MISPLACED = "hush-misplaced-value";

  private Receiver receiver;

  /** The adapter, with the published API at this URL. */
  abstract Provider providerAt(String url);

  /** Credentials that are complete and valid, all secret values beginning with {@code hush}. */
  abstract Map<String, Object> credentialsFor(String url);

  /** An action that the provider can send. */
  abstract RenderedAction action();

  /** Statuses that mean that the provider took the action. */
  abstract List<Integer> successes();

  @BeforeEach
  void start() throws Exception {
    receiver = new Receiver(200, "{\"ok\":true,\"scopes\":[\"mail.send\"]}");
  }

  @AfterEach
  void stop() {
    receiver.close();
  }

  final Receiver receiver() {
    return receiver;
  }

  final Provider provider() {
    return providerAt(receiver.url());
  }

  final Credentials credentials() {
    return Samples.credentials(credentialsFor(receiver.url()));
  }

  private OutboundRequest request(int attempt) {
    return Samples.request(
        provider(), credentials(), action(), Samples.delivery(attempt, Samples.NOW));
  }

  private List<FieldProblem> check(Map<String, ?> fields) {
    return provider().check(Samples.credentials(fields));
  }

  private Map<String, Object> with(String field, Object value) {
    Map<String, Object> fields = new LinkedHashMap<>(credentialsFor(receiver.url()));
    fields.put(field, value);
    return fields;
  }

  @Test
  void describesEveryFieldForPeople() {
    ProviderDescription description = provider().description();
    assertThat(description.title()).isNotBlank();
    assertThat(description.help()).isNotBlank();
    describes(description.fields());
  }

  private static void describes(List<Field> fields) {
    assertThat(fields).extracting(Field::name).doesNotHaveDuplicates();
    for (Field field : fields) {
      assertThat(field.label()).isNotBlank();
      assertThat(field.help()).endsWith(".");
      assertThat(field.type()).isNotNull();
      if (field.type() == ProviderDescription.Type.OBJECT) {
        assertThat(field.parts()).isNotEmpty();
        describes(field.parts());
        continue;
      }
      assertThat(field.maxLength()).isPositive();
      if (field.pattern() != null) {
        assertThat(Pattern.compile(field.pattern()).matcher("").matches()).isFalse();
        assertThat(field.format()).isNotBlank();
      }
    }
  }

  @Test
  void describesItselfAsJson() throws Exception {
    ObjectMapper json = new ObjectMapper();
    ProviderDescription description = provider().description();
    String written = json.writeValueAsString(description);
    assertThat(json.readValue(written, ProviderDescription.class)).isEqualTo(description);
    assertThat(json.readTree(written).at("/fields/0/max_length").isInt()).isTrue();
    assertThat(json.readTree(written).at("/fields/0/type").asText()).isIn("string", "url");
  }

  @Test
  void takesValidCredentials() {
    assertThat(check(credentialsFor(receiver.url()))).isEmpty();
  }

  @Test
  void refusesAnUnknownFieldByName() {
    assertThat(check(with("acount", MISPLACED)))
        .containsExactly(
            new FieldProblem(
                "credentials.acount", "is not a field of " + provider().description().name()));
    assertThat(check(with("acount", 5)))
        .extracting(FieldProblem::field)
        .containsExactly("credentials.acount");
  }

  @Test
  void missesEveryRequiredField() {
    List<String> required =
        provider().description().fields().stream()
            .filter(Field::required)
            .map(field -> "credentials." + field.name())
            .toList();
    assertThat(required).isNotEmpty();
    assertThat(check(Map.of())).extracting(FieldProblem::field).containsAll(required);
    assertThat(check(Map.of()))
        .filteredOn(problem -> required.contains(problem.field()))
        .extracting(FieldProblem::message)
        .containsOnly("is required");
  }

  @Test
  void refusesWrongShapesByPathAndNeverQuotes() {
    for (Field field : provider().description().fields()) {
      for (Object wrong : List.of(4711, List.of(MISPLACED), true, "", MISPLACED.repeat(2000))) {
        List<FieldProblem> problems = check(with(field.name(), wrong));
        assertThat(problems)
            .as("%s %s", field.name(), wrong)
            .anyMatch(problem -> problem.field().equals("credentials." + field.name()));
        assertThat(problems.toString()).doesNotContain("4711", MISPLACED);
      }
    }
    assertThat(provider().check(Samples.credentials("\"" + MISPLACED + "\"")))
        .containsExactly(new FieldProblem("credentials", "must be an object"));
  }

  @Test
  void refusesControlCharactersEverywhere() {
    for (Field field : provider().description().fields()) {
      String split = "a\r\nX-B: b";
      Object bad =
          switch (field.type()) {
            case MAP -> Map.of("X-A", split);
            case LIST -> List.of(split);
            case OBJECT -> Map.of(field.parts().get(0).name(), split);
            default -> split;
          };
      assertThat(check(with(field.name(), bad)))
          .as(field.name())
          .anyMatch(problem -> problem.field().startsWith("credentials." + field.name()));
    }
  }

  @Test
  void arrivesWithTheServicesName() throws Exception {
    Exchange.Answered answer = receiver.send(request(1));
    Receiver.Arrival arrival = receiver.arrived();
    assertThat(answer.status()).isEqualTo(200);
    assertThat(arrival.method()).isEqualTo("POST");
    assertThat(arrival.header("User-Agent")).isEqualTo("FastYoke-Webhooks/1.0");
    assertThat(arrival.header("Accept-Encoding")).isEqualTo("identity");
    assertThat(arrival.headers().values()).allSatisfy(values -> assertThat(values).hasSize(1));
    assertThat(arrival.header("Authorization")).contains(" ");
    assertThat(successes()).allMatch(status -> status / 100 == 2);
  }

  @Test
  void keepsTheDeliveryIdOverAttempts() throws Exception {
    receiver.send(request(1));
    Receiver.Arrival first = receiver.arrived();
    receiver.send(request(2));
    Receiver.Arrival second = receiver.arrived();
    String expected = provider().receiverDeduplicates() ? Samples.DELIVERY.toString() : "";
    assertThat(first.header("Idempotency-Key")).isEqualTo(expected);
    assertThat(second.header("Idempotency-Key")).isEqualTo(expected);
    assertThat(second.body()).isEqualTo(first.body());
    assertThat(second.target()).isEqualTo(first.target());
  }

  @Test
  void showsNoSecret() {
    OutboundRequest request = request(1);
    assertThat(request.toString()).doesNotContain("hush");
    assertThat(request.target().toString()).doesNotContain("hush");
    assertThat(request.headers()).filteredOn(Header::isSecret).isNotEmpty();
    assertThat(provider().redactor(credentials())).hasToString("Redactor");
    assertThat(credentials().toString()).doesNotContain("hush");
  }

  @Test
  void wipesHeadersWithTheCredentials() {
    Credentials credentials = credentials();
    OutboundRequest request =
        Samples.request(provider(), credentials, action(), Samples.delivery(1, Samples.NOW));
    credentials.close();
    assertThat(request.headers())
        .filteredOn(Header::isSecret)
        .allSatisfy(header -> assertThat(header.value().chars()).containsOnly(0));
  }

  @Test
  void redactsWhatTheReceiverEchoes() {
    Credentials credentials = credentials();
    List<Header> headers =
        Samples.request(provider(), credentials, action(), Samples.delivery(1, Samples.NOW))
            .headers();
    StringBuilder echo = new StringBuilder();
    for (Header header : headers) {
      String value = header.value().toString();
      echo.append(header.name()).append(": ").append(value).append("\n");
      String base64 = value.substring(value.indexOf(' ') + 1);
      if (value.startsWith("Basic ")) {
        echo.append(new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8));
      }
    }
    assertThat(echo.toString()).contains("hush");
    try (Redactor redactor = provider().redactor(credentials)) {
      String clean = redactor.redact(echo.toString());
      assertThat(clean).doesNotContain("hush").contains("[redacted]", "User-Agent");
      headers.stream()
          .filter(Header::isSecret)
          .forEach(header -> assertThat(clean).doesNotContain(header.value().toString()));
    }
  }

  @Test
  void testsWithoutSideEffects() throws Exception {
    OutboundRequest test = provider().testRequest(Samples.TENANT, credentials(), DEADLINE);
    assertThat(test.deadline()).isEqualTo(DEADLINE);
    assertThat(test.body()).isNull();
    Exchange.Answered answer = receiver.send(test);
    assertThat(receiver.arrived().method()).isEqualTo("GET");
    assertThat(provider().judgeTest(answer).outcome()).isEqualTo(TestOutcome.OK);
    assertThat(provider().judgeTest(answer).responseStatus()).isEqualTo(200);
  }

  @Test
  void judgesTests() {
    Provider provider = provider();
    Duration took = Duration.ofMillis(1);
    assertThat(provider.judgeTest(Samples.answer(401, "")).outcome())
        .isEqualTo(TestOutcome.UNAUTHORIZED);
    assertThat(provider.judgeTest(Samples.answer(403, "")).outcome())
        .isEqualTo(TestOutcome.NOT_PERMITTED);
    assertThat(provider.judgeTest(Samples.answer(503, "")))
        .matches(verdict -> verdict.outcome() == TestOutcome.UNREACHABLE)
        .matches(verdict -> Integer.valueOf(503).equals(verdict.responseStatus()));
    for (Exchange.NotSent.Cause cause : Exchange.NotSent.Cause.values()) {
      TestVerdict verdict = provider.judgeTest(new Exchange.NotSent(cause, MISPLACED, took));
      boolean blocked = cause == Exchange.NotSent.Cause.BLOCKED;
      assertThat(verdict.outcome())
          .isEqualTo(blocked ? TestOutcome.BLOCKED : TestOutcome.UNREACHABLE);
      assertThat(verdict.responseStatus()).isNull();
      assertThat(verdict.message()).doesNotContain(MISPLACED);
    }
    for (Exchange.Broken.Fault fault : Exchange.Broken.Fault.values()) {
      TestVerdict verdict = provider.judgeTest(new Exchange.Broken(fault, MISPLACED, took));
      assertThat(verdict.outcome()).isEqualTo(TestOutcome.UNREACHABLE);
      assertThat(verdict.message()).doesNotContain(MISPLACED);
    }
  }

  @Test
  void staysBelowItsBase() {
    String base = request(1).target().toString();
    base = base.substring(0, base.length() - action().path().length());
    for (String path :
        List.of(
            "/../x",
            "/a/..",
            "/a/./b",
            "/%2e%2E/x",
            "//evil.test/x",
            "/a//b",
            "/..;x/y",
            "@evil",
            "evil",
            "/a b",
            "/a#b",
            "/a\\b",
            "/é",
            "/%zz",
            "/a%2F..%2Fb",
            "/%252e%252e/x",
            "/a\r\nb",
            "/{x}",
            "https://evil.test/")) {
      RenderedAction bad = new RenderedAction("POST", path, List.of(), null);
      assertThat(provider().checkAction(credentials(), bad))
          .as(path)
          .extracting(FieldProblem::field)
          .containsExactly("path");
      assertThatThrownBy(
              () ->
                  Samples.request(provider(), credentials(), bad, Samples.delivery(1, Samples.NOW)))
          .isInstanceOf(IllegalArgumentException.class);
    }
    for (String path : List.of("/a", "/a/", "/a..b/c", "/a?b=/../c", "/%2F%2Fx", "/a:b@c")) {
      RenderedAction good = new RenderedAction("POST", path, List.of(), null);
      assertThat(provider().checkAction(credentials(), good)).as(path).isEmpty();
      assertThat(
              Samples.request(provider(), credentials(), good, Samples.delivery(1, Samples.NOW))
                  .target()
                  .toString())
          .isEqualTo(base + path);
    }
  }

  @Test
  void checksTemplates() {
    Provider provider = provider();
    String path = action().path();
    ActionTemplate good =
        new ActionTemplate(null, "/x/{{job.id}}", Map.of(), Samples.json("{\"a\":\"{{job.id}}\"}"));
    assertThat(provider.checkTemplate(good)).isEmpty();
    assertThat(provider.checkTemplate(new ActionTemplate("POST", path, Map.of(), null))).isEmpty();
    for (String joined : List.of("x", "{{job.path}}")) {
      assertThat(provider.checkTemplate(new ActionTemplate(null, joined, Map.of(), null)))
          .isEmpty();
    }
    for (String bad : List.of("/a#b", "/a\r\nb", "a\\b")) {
      assertThat(provider.checkTemplate(new ActionTemplate(null, bad, Map.of(), null)))
          .as(bad)
          .extracting(FieldProblem::field)
          .containsExactly("path");
    }
    for (String method : List.of("post", "HEAD", "CONNECT", "")) {
      assertThat(provider.checkTemplate(new ActionTemplate(method, path, Map.of(), null)))
          .extracting(FieldProblem::field)
          .containsExactly("method");
    }
  }
}
