package io.fastyoke.integrations.providers;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RedactorTest {

  private static Redactor of(String... values) {
    return Redactor.of(Arrays.stream(values).map(RedactorTest::bytes).toList());
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String cut(Redactor redactor, String text) {
    return new String(redactor.redact(bytes(text), true), StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\u0000',
      value = {
        "nothing here|nothing here",
        "s+cr/t=\"1|[redacted]",
        "a s+cr/t=\"1, s+cr/t=\"1 b|a [redacted], [redacted] b",
        "s+cr/t=\"1s+cr/t=\"1|[redacted]",
        "xs+cr/t=\"1x|x[redacted]x",
        "s%2Bcr%2Ft%3D%221|[redacted]",
        "s%2bcr%2ft%3d%221|[redacted]",
        "s+cr%2Ft=%221 100%|[redacted] 100%",
        "%73%2B%63%72%2F%74%3D%22%31|[redacted]",
        "{\"a\":\"s+cr/t=\\\"1\"}|{\"a\":\"[redacted]\"}",
        "{\"a\":\"s+cr\\/t=\\\"1\"}|{\"a\":\"[redacted]\"}",
        "{\"a\":\"s\\u002bcr\\/t\\u003D\\u00221\"}|{\"a\":\"[redacted]\"}",
        "cytjci90PSIx|[redacted]",
        "s+cr/t=1|s+cr/t=1"
      })
  void findsAValueInItsForms(String text, String clean) {
    try (Redactor redactor = of("s+cr/t=\"1")) {
      assertThat(redactor.redact(text)).isEqualTo(clean);
    }
  }

  @Test
  void findsTheTokenOfAScheme() {
    try (Redactor redactor = of("Bearer tok-en")) {
      assertThat(redactor.redact("Bearer tok-en; tok-en; dG9rLWVu"))
          .isEqualTo("[redacted]; [redacted]; [redacted]");
      assertThat(redactor.redact("Bearer of news")).isEqualTo("Bearer of news");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a", "ab", "abc", "{\"key\":\""})
  void findsAValueInTheMiddleOfBase64(String before) {
    try (Redactor redactor = of("hush-hush")) {
      String text = before + "hush-hush" + "\", and more";
      String encoded = Base64.getEncoder().encodeToString(bytes(text));
      String inside =
          encoded.substring((before.length() + 2) / 3 * 4, (before.length() + 9) / 3 * 4);
      assertThat(encoded).contains(inside);
      assertThat(redactor.redact(encoded)).contains("[redacted]").doesNotContain(inside);
    }
  }

  @Test
  void findsUserAndPasswordOfBasic() {
    try (Redactor redactor = of("basic dXNlcjpodXNoLWh1c2g=")) {
      assertThat(redactor.redact("user:hush-hush / hush-hush / dXNlcjpodXNoLWh1c2g="))
          .isEqualTo("[redacted] / [redacted] / [redacted]");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"hush-hush", "hush", "hush%2Dhush", "hush%2", "hush\\u002", "aHVzaC"})
  void takesAwayTheBeginningOfAValueAtTheCut(String tail) {
    try (Redactor redactor = of("hush-hush-hush")) {
      assertThat(cut(redactor, "before " + tail)).isEqualTo("before [redacted]");
    }
  }

  @Test
  void keepsTheEndWhenNothingIsMissing() {
    try (Redactor redactor = of("hush-hush-hush")) {
      assertThat(redactor.redact("before hush-hush")).isEqualTo("before hush-hush");
      assertThat(cut(redactor, "hush-hush and more")).isEqualTo("hush-hush and more");
      assertThat(cut(redactor, "before hus")).isEqualTo("before hus");
    }
  }

  /** Wherever a body is cut, no more than three characters of the value are left. */
  @Test
  void leavesNothingOfAValueAtAnyCut() {
    String value = "hush-0123456789";
    String body = "{\"echo\":\"" + value + "\",\"again\":\"" + value.replace("-", "%2D") + "\"}";
    try (Redactor redactor = of(value)) {
      for (int length = 0; length <= body.length(); length++) {
        assertThat(cut(redactor, body.substring(0, length))).doesNotContain("hush");
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a=abc.|a=[redacted].",
        "abcd xabc|abcd xabc",
        "abc|[redacted]",
        "\"abc\"|\"[redacted]\"",
        "éabc|éabc"
      })
  void replacesShortValuesOnlyWhereTheyStandAlone(String text, String clean) {
    try (Redactor redactor = of("abc")) {
      assertThat(redactor.redact(text)).isEqualTo(clean);
    }
  }

  @Test
  void leavesEverythingElseAlone() {
    byte[] binary = new byte[256];
    for (int i = 0; i < binary.length; i++) {
      binary[i] = (byte) i;
    }
    try (Redactor redactor = of("hush-hush")) {
      assertThat(redactor.redact(binary, false)).isSameAs(binary);
      assertThat(redactor.redact(new byte[0], true)).isEmpty();
    }
    try (Redactor redactor = of()) {
      assertThat(redactor.redact("%zz \\ % \\u12")).isEqualTo("%zz \\ % \\u12");
    }
  }

  @Test
  void agreesWithASearchForEachValue() {
    Random random = new Random(42);
    for (int round = 0; round < 2_000; round++) {
      List<String> values = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        values.add(letters(random, 4 + random.nextInt(3)));
      }
      String text = letters(random, 60);
      try (Redactor redactor = of(values.toArray(String[]::new))) {
        assertThat(redactor.redact(text)).isEqualTo(naive(text, values));
      }
    }
  }

  private static String letters(Random random, int length) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < length; i++) {
      out.append((char) ('a' + random.nextInt(2)));
    }
    return out.toString();
  }

  private static String naive(String text, List<String> values) {
    boolean[] hidden = new boolean[text.length()];
    for (String value : values) {
      for (int at = text.indexOf(value); at >= 0; at = text.indexOf(value, at + 1)) {
        Arrays.fill(hidden, at, at + value.length(), true);
      }
    }
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < hidden.length; i++) {
      if (!hidden[i]) {
        out.append(text.charAt(i));
      } else if (i == 0 || !hidden[i - 1]) {
        out.append("[redacted]");
      }
    }
    return out.toString();
  }

  /** Texts and values that make a naive search quadratic. */
  @Test
  void takesTimeForTheTextOnly() {
    List<byte[]> values = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      values.add(bytes("a".repeat(4000 + i) + "b"));
    }
    byte[] text = bytes("a".repeat(64 * 1024));
    Assertions.assertTimeout(
        Duration.ofSeconds(5),
        () -> {
          for (int i = 0; i < 20; i++) {
            Redactor.of(values).redact(text, false);
          }
        });
  }
}
