package io.fastyoke.integrations.providers;

import io.fastyoke.integrations.redaction.Redactor;
import com.fasterxml.jackson.databind.JsonNode;
import io.fastyoke.integrations.templating.Json;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Form encoding, and taking secrets out of an answer. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ProvidersBenchmark {
  private static final List<byte[]> SECRETS =
      List.of(
          bytes("Bearer a-token-of-the-usual-length-0123456789"),
          bytes("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"));

  @Param({"100", "65536"})
  public int answerBytes;

  private final JsonNode form =
      Json.parse(
          "{\"To\":\"+15550100\",\"From\":\"+15550199\",\"Body\":\"Your order is ready, Ada & co. äöü\","
              + "\"MediaUrl\":[\"https://example.com/a.png\",\"https://example.com/b.png\"]}");
  private final Redactor redactor = Redactor.of(SECRETS);
  private byte[] answer = new byte[0];

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Setup
  public void fill() {
    String line = "{\"error\":\"token a-token-of-the-usual-length is wrong\",\"at\":\"a%20b\"}\n";
    answer = bytes(line.repeat(answerBytes / line.length() + 1).substring(0, answerBytes));
  }

  @Benchmark
  public byte[] encodeForm() {
    return FormBody.encode(form);
  }

  @Benchmark
  public byte[] redact() {
    return redactor.redact(answer, false);
  }

  /** As every attempt does it, whatever is answered. */
  @Benchmark
  public Redactor buildRedactor() {
    return Redactor.of(SECRETS);
  }
}
