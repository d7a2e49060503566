package io.fastyoke.integrations.providers;

import static io.fastyoke.integrations.support.NodePackages.isInstalled;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.WebhookVerificationException;
import io.fastyoke.integrations.egress.OutboundRequest;
import io.fastyoke.integrations.errors.FieldProblem;
import io.fastyoke.integrations.redaction.Redactor;
import io.fastyoke.integrations.support.NodePackages;
import io.fastyoke.integrations.vault.Credentials;
import io.fastyoke.integrations.vault.HmacSha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Signatures by more than one secret, as receivers verify them: the reference libraries, and the
 * samples of docs/receivers.md, before, during and after a change of the secret.
 */
class ReceiversTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String OLD = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  private static final String NEW = "whsec_" + base64(new byte[] {7, 1, 0, -3}, 32);
  private static String privateKey = "";
  private static String publicKey = "";

  @TempDir private Path dir;

  private final GenericRestProvider provider = new GenericRestProvider();

  /**
   * A call and who has to take it.
   *
   * @param secret what the receiver has
   */
  private record Call(Map<String, String> headers, String body, String secret, boolean genuine) {}

  @BeforeAll
  static void makeAKey() throws Exception {
    var pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    privateKey = "whsk_" + last32(pair.getPrivate().getEncoded());
    publicKey = "whpk_" + last32(pair.getPublic().getEncoded());
  }

  private static String last32(byte[] der) {
    return Base64.getEncoder().encodeToString(Arrays.copyOfRange(der, der.length - 32, der.length));
  }

  private static String base64(byte[] pattern, int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) (pattern[i % pattern.length] + i);
    }
    return Base64.getEncoder().encodeToString(bytes);
  }

  private Credentials credentials(Object secrets) {
    return Samples.credentials(Map.of("base_url", "https://h.io", "signing_secrets", secrets));
  }

  private Call call(List<String> signedBy, String receiver, boolean genuine) {
    Credentials credentials = credentials(signedBy);
    assertThat(provider.check(credentials)).isEmpty();
    RenderedAction action = Samples.post("/x", "{\"größe\":1.10,\"of\":\"job 1\"}");
    OutboundRequest request =
        Samples.request(provider, credentials, action, Samples.delivery(1, Instant.now()));
    Map<String, String> headers = new TreeMap<>();
    request
        .headers()
        .forEach(
            h -> headers.put(h.name().toLowerCase(java.util.Locale.ROOT), h.value().toString()));
    return new Call(headers, new String(request.body(), StandardCharsets.UTF_8), receiver, genuine);
  }

  /** Before, during (in both orders, and with a third) and after. */
  private List<Call> rotation(String next, String nextOfReceiver) {
    List<Call> calls = new ArrayList<>();
    calls.add(call(List.of(OLD), OLD, true));
    calls.add(call(List.of(OLD), nextOfReceiver, false));
    for (List<String> both : List.of(List.of(OLD, next), List.of(next, OLD))) {
      calls.add(call(both, OLD, true));
      calls.add(call(both, nextOfReceiver, true));
    }
    calls.add(call(List.of(next), OLD, false));
    calls.add(call(List.of(next), nextOfReceiver, true));
    Call fine = calls.get(0);
    calls.add(new Call(fine.headers(), fine.body() + " ", OLD, false));
    Map<String, String> late = new TreeMap<>(fine.headers());
    late.put("webhook-timestamp", "1700000000");
    calls.add(new Call(late, fine.body(), OLD, false));
    return calls;
  }

  @Test
  void listsAllSignaturesInTheirOrder() {
    Call call = call(List.of(privateKey, OLD, NEW), OLD, true);
    assertThat(call.headers().get("webhook-signature"))
        .matches("v1a,[A-Za-z0-9+/]{86}== v1,[A-Za-z0-9+/]{43}= v1,[A-Za-z0-9+/]{43}=");
    byte[] mac =
        HmacSha256.of(
            OLD.getBytes(StandardCharsets.US_ASCII), call.body().getBytes(StandardCharsets.UTF_8));
    assertThat(call.headers().get("x-fastyoke-signature"))
        .isEqualTo("sha256=" + HexFormat.of().formatHex(mac));
    assertThat(call(List.of(privateKey), publicKey, true).headers())
        .doesNotContainKey("x-fastyoke-signature")
        .containsKey("webhook-signature");
  }

  @Test
  void theLibraryOfStandardWebhooksVerifiesThroughoutARotation() {
    List<Call> calls = new ArrayList<>(rotation(NEW, NEW));
    rotation(privateKey, publicKey).stream()
        .filter(call -> call.secret().equals(OLD))
        .forEach(calls::add);
    for (Call call : calls) {
      Map<String, List<String>> headers = new LinkedHashMap<>();
      call.headers().forEach((name, value) -> headers.put(name, List.of(value)));
      boolean genuine = true;
      try {
        new Webhook(call.secret()).verify(call.body(), headers);
      } catch (WebhookVerificationException e) {
        genuine = false;
      }
      assertThat(genuine).isEqualTo(call.genuine());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"standardwebhooks", "svix"})
  void theLibrariesForNodeVerifyThroughoutARotation(String library) throws Exception {
    Path modules = NodePackages.install().resolve("node_modules");
    String verify =
        """
        const { Webhook } = require(%s);
        function verify(body, headers, secret) {
          try { new Webhook(secret).verify(body, headers); return true; } catch { return false; }
        }
        """
            .formatted(JSON.writeValueAsString(modules.resolve(library).toString()));
    List<Call> calls = new ArrayList<>(rotation(NEW, NEW));
    rotation(privateKey, publicKey).stream()
        .filter(call -> call.secret().equals(OLD))
        .forEach(calls::add);
    node(verify, calls);
  }

  @Test
  void theSampleForNode() throws Exception {
    List<Call> calls = new ArrayList<>(rotation(NEW, NEW));
    calls.addAll(rotation(privateKey, publicKey));
    node(sample("js"), calls);
  }

  private void node(String verify, List<Call> calls) throws Exception {
    assumeTrue(isInstalled("node"), "node is not installed");
    Files.writeString(
        dir.resolve("verify.js"),
        verify
            + """

            for (const call of JSON.parse(require('fs').readFileSync('calls.json', 'utf8')))
              console.log(verify(Buffer.from(call.body), call.headers, call.secret));
            """);
    assertThat(judged(calls, "node", "verify.js")).isEqualTo(expected(calls));
  }

  @Test
  void theSampleForPython() throws Exception {
    assumeTrue(isInstalled("python3"), "python3 is not installed");
    Files.writeString(
        dir.resolve("verify.py"),
        sample("python")
            + """

            import json
            for call in json.load(open("calls.json", encoding="utf-8")):
                print(str(verify(call["body"].encode(), call["headers"], call["secret"])).lower())
            """);
    List<Call> calls = rotation(NEW, NEW);
    assertThat(judged(calls, "python3", "verify.py")).isEqualTo(expected(calls));
  }

  @Test
  void theSampleForPhp() throws Exception {
    assumeTrue(isInstalled("php"), "php is not installed");
    Files.writeString(
        dir.resolve("verify.php"),
        sample("php")
            + """

            foreach (json_decode(file_get_contents('calls.json'), true) as $call)
                echo verify($call['body'], $call['headers'], $call['secret']) ? "true\\n" : "false\\n";
            """);
    List<Call> calls = new ArrayList<>(rotation(NEW, NEW));
    calls.addAll(rotation(privateKey, publicKey));
    assertThat(judged(calls, "php", "verify.php")).isEqualTo(expected(calls));
  }

  @Test
  void theSampleForGo() throws Exception {
    assumeTrue(isInstalled("go"), "go is not installed");
    Files.writeString(
        dir.resolve("verify.go"),
        sample("go").replace("import (", "import (\n\t\"encoding/json\"\n\t\"fmt\"\n\t\"os\"")
            + """

            func main() {
            \tvar calls []struct {
            \t\tBody, Secret string
            \t\tHeaders      map[string]string
            \t}
            \ttext, _ := os.ReadFile("calls.json")
            \tif json.Unmarshal(text, &calls) != nil {
            \t\tos.Exit(1)
            \t}
            \tfor _, call := range calls {
            \t\tfmt.Println(verify([]byte(call.Body), call.Headers, call.Secret))
            \t}
            }
            """);
    List<Call> calls = new ArrayList<>(rotation(NEW, NEW));
    calls.addAll(rotation(privateKey, publicKey));
    assertThat(judged(calls, "go", "run", "verify.go")).isEqualTo(expected(calls));
  }

  /** With the Java that runs the tests, from its source; the calls one by one as arguments. */
  @Test
  void theSampleForJava() throws Exception {
    List<Call> calls = new ArrayList<>(rotation(NEW, NEW));
    calls.addAll(rotation(privateKey, publicKey));
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("Main.java");
    for (Call call : calls) {
      command.add(call.body());
      command.add(call.secret());
      for (String name : List.of("webhook-id", "webhook-timestamp", "webhook-signature")) {
        command.add(call.headers().get(name));
      }
    }
    String main =
        """

        class Main {
          public static void main(String[] args) throws Exception {
            for (int i = 0; i < args.length; i += 5) {
              Map<String, String> headers =
                  Map.of(
                      "webhook-id", args[i + 2],
                      "webhook-timestamp", args[i + 3],
                      "webhook-signature", args[i + 4]);
              System.out.println(Verifier.verify(args[i].getBytes("UTF-8"), headers, args[i + 1]));
            }
          }
        }
        """;
    // The first class of a source file is the one that is run.
    String sample = sample("java");
    int at = sample.indexOf("class Verifier");
    Files.writeString(
        dir.resolve("Main.java"), sample.substring(0, at) + main + sample.substring(at));
    assertThat(judged(calls, command.toArray(String[]::new))).isEqualTo(expected(calls));
  }

  private List<String> judged(List<Call> calls, String... command) throws Exception {
    List<Map<String, Object>> written =
        calls.stream()
            .map(
                c ->
                    Map.<String, Object>of(
                        "headers", c.headers(), "body", c.body(), "secret", c.secret()))
            .toList();
    JsonNode json = JSON.valueToTree(written);
    Files.writeString(dir.resolve("calls.json"), json.toString());
    String out = run(dir, 60, command);
    assertThat(out).as("%s", command[0]).isNotNull();
    return out.lines().toList();
  }

  private static List<String> expected(List<Call> calls) {
    return calls.stream().map(call -> Boolean.toString(call.genuine())).toList();
  }

  private static String sample(String language) throws IOException {
    String page = Files.readString(Path.of("docs", "receivers.md"));
    Matcher block = Pattern.compile("(?s)\n```" + language + "\n(.*?)\n```\n").matcher(page);
    assertThat(block.find()).as(language).isTrue();
    return block.group(1) + "\n";
  }

  /** What a program says; null when it fails or takes too long. */
  private static String run(Path in, int seconds, String... command) throws Exception {
    Path out = Files.createTempFile("said", ".txt");
    Process process =
        new ProcessBuilder(command)
            .directory(in.toFile())
            .redirectErrorStream(true)
            .redirectOutput(out.toFile())
            .start();
    try {
      boolean ended = process.waitFor(seconds, TimeUnit.SECONDS);
      return ended && process.exitValue() == 0 ? Files.readString(out) : null;
    } finally {
      process.destroyForcibly();
      Files.delete(out);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "plain-secret-of-some-length | must begin with whsec_ or whsk_",
        "v1,whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA | leave out all before whsec_",
        "whpk_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA= | public key",
        "whsk_AAAA | 32 bytes after whsk_",
        "whsk_not*base64 | 32 bytes after whsk_",
        "whsec_AAAA | 24 to 64 bytes",
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw | is in the list already",
      })
  void saysWhichOfTheSecretsIsWrong(String secret, String reason) {
    List<FieldProblem> problems = provider.check(credentials(List.of(OLD, secret)));
    assertThat(problems)
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.field()).isEqualTo("credentials.signing_secrets[1]");
              assertThat(problem.message()).contains(reason).doesNotContain("AAAA", "MfKQ");
            });
  }

  @Test
  void takesOneToThreeAndNotBesidesTheOtherField() {
    assertThat(provider.check(credentials(List.of())))
        .containsExactly(new FieldProblem("credentials.signing_secrets", "must not be empty"));
    assertThat(provider.check(credentials(List.of(OLD, NEW, privateKey, OLD))))
        .contains(new FieldProblem("credentials.signing_secrets", "must have at most 3 entries"));
    assertThat(provider.check(credentials(OLD)))
        .containsExactly(
            new FieldProblem("credentials.signing_secrets", "must be a list of strings"));
    assertThat(provider.check(credentials(Map.of("0", OLD))))
        .containsExactly(
            new FieldProblem("credentials.signing_secrets", "must be a list of strings"));
    assertThat(provider.check(credentials(Arrays.asList(OLD, null))))
        .containsExactly(new FieldProblem("credentials.signing_secrets[1]", "must be a string"));
    assertThat(
            provider.check(
                Samples.credentials(
                    Map.of(
                        "base_url",
                        "https://h.io",
                        "signing_secret",
                        OLD,
                        "signing_secrets",
                        List.of(NEW)))))
        .containsExactly(
            new FieldProblem(
                "credentials.signing_secrets",
                "cannot be given together with signing_secret; give one"));
  }

  @Test
  void aPrivateKeyMayHaveItsPublicOneBehindIt() {
    byte[] seed = Base64.getDecoder().decode(privateKey.substring(5));
    byte[] other = Base64.getDecoder().decode(publicKey.substring(5));
    byte[] pair = Arrays.copyOf(seed, 64);
    System.arraycopy(other, 0, pair, 32, 32);
    String whole = "whsk_" + Base64.getEncoder().encodeToString(pair);
    assertThat(provider.check(credentials(List.of(whole)))).isEmpty();
    pair[40] ^= 1;
    String wrong = "whsk_" + Base64.getEncoder().encodeToString(pair);
    assertThat(provider.check(credentials(List.of(wrong))))
        .singleElement()
        .satisfies(p -> assertThat(p.message()).contains("does not belong"));
    // Ed25519 has one signature for one text, so both forms of the key say the same.
    Credentials one = credentials(List.of(privateKey));
    Credentials two = credentials(List.of(whole));
    assertThat(signature(one)).isEqualTo(signature(two));
  }

  private String signature(Credentials credentials) {
    return Samples.request(
            provider, credentials, Samples.post("/x", "1"), Samples.delivery(1, Samples.NOW))
        .headers()
        .stream()
        .filter(h -> h.name().equals("webhook-signature"))
        .findFirst()
        .orElseThrow()
        .value()
        .toString();
  }

  @Test
  void noneOfTheSecretsAndSignaturesIsKept() {
    Credentials credentials = credentials(List.of(OLD, privateKey));
    String[] signatures = signature(credentials).split(" ");
    try (Redactor redactor = provider.redactor(credentials)) {
      for (String secret :
          List.of(
              OLD,
              OLD.substring(6),
              privateKey,
              privateKey.substring(5),
              signatures[0],
              signatures[1],
              signatures[1].substring(4))) {
        assertThat(redactor.redact("a " + secret + " b")).isEqualTo("a [redacted] b");
      }
    }
  }
}
