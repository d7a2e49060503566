package io.fastyoke.integrations.providers;

import static org.assertj.core.api.Assertions.assertThat;

import io.fastyoke.integrations.egress.OutboundRequest;
import io.fastyoke.integrations.errors.FieldProblem;
import io.fastyoke.integrations.redaction.Redactor;
import io.fastyoke.integrations.vault.Credentials;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.HttpSigner;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.AwsSessionCredentialsIdentity;

/** AWS Signature Version 4 as the signer of AWS's own SDK makes it. */
class AwsSignatureTest {
  private static final String ID = "AKIDEXAMPLE";
  private static final String KEY = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
  private static final String TOKEN = "IQoJb3JpZ2luX2VjEXAMPLE//////////wEaDGV1+token==";
  private static final List<String> SEGMENTS =
      List.of("a", "a%20b", "%C3%BC", "x.y", "~t-_", "a%2Fb", "a+b", "a:b@c", "(1)!$'*,;=", "%25");
  private static final List<String> PARAMETERS =
      List.of(
          "b=2",
          "a=1",
          "a=0",
          "a=",
          "A=1",
          "flag",
          "k=%C3%BC%20x",
          "k=a%2Bb",
          "z=%3D%26",
          "a%20b=c~d",
          "a-b=1",
          "n=%2F",
          "k=a%3Db");

  private final GenericRestProvider provider = new GenericRestProvider();
  private final Random random = new Random(4);

  private static Map<String, Object> fields(String url, String service, boolean session) {
    Map<String, Object> aws = new LinkedHashMap<>();
    aws.put("access_key_id", ID);
    aws.put("secret_access_key", KEY);
    aws.put("region", "eu-central-1");
    aws.put("service", service);
    if (session) {
      aws.put("session_token", TOKEN);
    }
    return new LinkedHashMap<>(Map.of("base_url", url, "aws_sigv4", aws));
  }

  @Test
  void signsAsTheSdkDoes() {
    for (int i = 0; i < 200; i++) {
      boolean session = random.nextInt(3) == 0;
      String service = pick(List.of("execute-api", "s3", "sqs"));
      String url =
          pick(List.of("https://h.eu.example.com", "https://h.example.com:8443/base%20path"));
      Map<String, Object> fields = fields(url, service, session);
      if (random.nextInt(3) == 0) {
        fields.put("query", Map.of("api key", "gr\u00fcn&+=x"));
      }
      Credentials credentials = Samples.credentials(fields);
      assertThat(provider.check(credentials)).isEmpty();
      Instant now = Samples.NOW.plus(Duration.ofMinutes(random.nextInt(1_000_000)));
      OutboundRequest request =
          Samples.request(provider, credentials, action(), Samples.delivery(1, now));
      assertThat(signature(request))
          .as("%s %s %s", service, request.method(), request.target())
          .isEqualTo(bySdk(request, service, session, now));
    }
  }

  private RenderedAction action() {
    StringBuilder path = new StringBuilder();
    for (int n = random.nextInt(4); n > 0; n--) {
      path.append('/').append(pick(SEGMENTS));
    }
    path.append(path.isEmpty() || random.nextInt(3) == 0 ? "/" : "");
    for (int n = random.nextInt(5), first = n; n > 0; n--) {
      path.append(n == first ? '?' : '&').append(pick(PARAMETERS));
    }
    String method = pick(List.of("POST", "PUT", "DELETE", "GET", "PATCH"));
    boolean body = !method.equals("GET") && random.nextInt(4) > 0;
    List<Map.Entry<String, String>> headers =
        random.nextBoolean()
            ? List.of()
            : List.of(Map.entry("X-Amz-Target", "a  b   c"), Map.entry("X-Other", "o"));
    return new RenderedAction(
        method,
        path.toString(),
        headers,
        body ? Samples.json(pick(List.of("{}", "{\"gr\u00fcn\":\"\u2713\"}", "1.10"))) : null);
  }

  private <T> T pick(List<T> from) {
    return from.get(random.nextInt(from.size()));
  }

  /** What the signature consists of, as it is sent. */
  private static Map<String, String> signature(OutboundRequest request) {
    Map<String, String> found = new TreeMap<>();
    request.headers().stream()
        .filter(h -> h.name().matches("Authorization|X-Amz-(Date|Content.*|Security.*)"))
        .forEach(h -> found.put(h.name().toLowerCase(java.util.Locale.ROOT), h.value().toString()));
    return found;
  }

  private static Map<String, String> bySdk(
      OutboundRequest request, String service, boolean session, Instant now) {
    SdkHttpRequest.Builder sdk =
        SdkHttpRequest.builder()
            .uri(request.target())
            .method(SdkHttpMethod.fromValue(request.method()));
    request.headers().stream()
        .filter(h -> h.name().equals("Content-Type") || h.name().equals("X-Amz-Target"))
        .forEach(h -> sdk.putHeader(h.name(), h.value().toString()));
    byte[] body = request.body() == null ? new byte[0] : request.body();
    boolean twice = !service.equals("s3");
    AwsCredentialsIdentity identity =
        session
            ? AwsSessionCredentialsIdentity.create(ID, KEY, TOKEN)
            : AwsCredentialsIdentity.create(ID, KEY);
    SdkHttpRequest signed =
        AwsV4HttpSigner.create()
            .sign(
                r ->
                    r.identity(identity)
                        .request(sdk.build())
                        .payload(ContentStreamProvider.fromByteArray(body))
                        .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, service)
                        .putProperty(AwsV4HttpSigner.REGION_NAME, "eu-central-1")
                        .putProperty(AwsV4HttpSigner.DOUBLE_URL_ENCODE, twice)
                        .putProperty(AwsV4HttpSigner.NORMALIZE_PATH, twice)
                        .putProperty(HttpSigner.SIGNING_CLOCK, Clock.fixed(now, ZoneOffset.UTC)))
            .request();
    Map<String, String> found = new TreeMap<>();
    for (String name :
        List.of("Authorization", "X-Amz-Date", "x-amz-content-sha256", "X-Amz-Security-Token")) {
      signed
          .firstMatchingHeader(name)
          .ifPresent(value -> found.put(name.toLowerCase(java.util.Locale.ROOT), value));
    }
    return found;
  }

  @Test
  void aTestIsSignedToo() {
    Credentials credentials = Samples.credentials(fields("https://h.io/base", "lambda", false));
    OutboundRequest test = provider.testRequest(Samples.TENANT, credentials, Duration.ofSeconds(1));
    assertThat(test.target()).isEqualTo(URI.create("https://h.io/base"));
    assertThat(signature(test)).containsKeys("authorization", "x-amz-date");
  }

  @Test
  void namesWhatIsMissingAndWhatItSetsItself() {
    assertThat(
            provider.check(
                Samples.credentials(
                    Map.of(
                        "base_url",
                        "https://h.io",
                        "aws_sigv4",
                        Map.of("secret_access_key", KEY, "regoin", "x")))))
        .extracting(FieldProblem::field)
        .containsExactlyInAnyOrder(
            "credentials.aws_sigv4.regoin",
            "credentials.aws_sigv4.access_key_id",
            "credentials.aws_sigv4.region",
            "credentials.aws_sigv4.service");
    Map<String, Object> fields = fields("https://h.io", "s3", false);
    fields.put("headers", Map.of("x-amz-date", "1"));
    assertThat(provider.check(Samples.credentials(fields)))
        .containsExactly(new FieldProblem("credentials.headers.x-amz-date", "is set by aws_sigv4"));
    RenderedAction action =
        new RenderedAction("POST", "/x", List.of(Map.entry("X-Amz-Date", "1")), null);
    assertThat(
            provider.checkAction(Samples.credentials(fields("https://h.io", "s3", false)), action))
        .extracting(FieldProblem::field)
        .containsExactly("headers.X-Amz-Date");
  }

  @Test
  void noPartOfItIsKeptButRegionAndService() {
    Credentials credentials = Samples.credentials(fields("https://h.io", "s3", true));
    OutboundRequest request =
        Samples.request(
            provider, credentials, Samples.post("/x", "1"), Samples.delivery(1, Samples.NOW));
    String authorization = signature(request).get("authorization");
    List<String> secrets = new ArrayList<>(List.of(ID, KEY, TOKEN, authorization));
    secrets.add(authorization.replaceAll(".*=", ""));
    try (Redactor redactor = provider.redactor(credentials)) {
      for (String secret : secrets) {
        assertThat(redactor.redact("a " + secret + " b")).isEqualTo("a [redacted] b");
      }
      assertThat(redactor.redact("s3 in eu-central-1")).isEqualTo("s3 in eu-central-1");
    }
  }
}
