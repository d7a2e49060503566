package io.fastyoke.integrations.redaction;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
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

  /** What other hosts make of a value with everything that has to be escaped somewhere. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "p+q+%26%3C%22%27+%2B+%C3%A9z",
        "p+q+%26%3c%22%27+%2b+%c3%a9z",
        "p%2520q%2520%2526%253C%2522%2527%2520%252B%2520%25C3%25A9z",
        "p%2Bq%2B%2526%253C%2522%2527%2B%252B%2B%25C3%25A9z",
        "p q &amp;&lt;&quot;&#39; + éz",
        "p q &#38;&#60;&#34;&apos; &#43; &#233;z",
        "p&#x20;q &#x26;&#X3c;&#x22;&#x27; &plus; &#xE9;z",
        "p q &amp;amp;&amp;lt;&amp;quot;&amp;#39; + éz",
        "p q &amp;&lt;\\&quot;&#39; + \\u00e9z",
        "p q \\u0026\\u003c\\\"' + \\u00E9z",
        "p%20q%20%u0026%u003C%22%27%20+%20%u00e9z",
        "p q \\x26\\x3c\\x22\\' \\x2B \\xe9z",
        "7020712026 3c2227202b20c3a97a",
        "7020712026" + "3c2227202b20c3a97a",
        "7020712026" + "3C2227202B20C3A97A"
      })
  void findsAValueAsOthersEscapeIt(String echo) {
    try (Redactor redactor = of("p q &<\"' + éz")) {
      boolean whole = !echo.contains(" 3c");
      String clean = redactor.redact("{\"a\":\"" + echo + "\"}");
      assertThat(clean.equals("{\"a\":\"[redacted]\"}")).as(clean).isEqualTo(whole);
      assertThat(redactor.redact("x" + echo).equals("x[redacted]")).isEqualTo(whole);
    }
  }

  @Test
  void findsHalfBytesOfHexadecimalDigits() {
    try (Redactor redactor = of("hush-hush")) {
      assertThat(redactor.redact("f" + "687573682d68757368 0687573682d687573680."))
          .isEqualTo("f[redacted] 0[redacted]0.");
      assertThat(cut(redactor, "before 687573682d6")).isEqualTo("before [redacted]");
    }
  }

  @Test
  void findsASignatureWithoutItsScheme() {
    try (Redactor redactor = of("sha256=0f1e2d3c4b5a", "v1,Zm9vYmFy")) {
      assertThat(redactor.redact("sha256=0f1e2d3c4b5a 0f1e2d3c4b5a Zm9vYmFy"))
          .isEqualTo("[redacted] [redacted] [redacted]");
    }
  }

  /** Most of what is looked at is the address and the headers of a success. */
  @Test
  void preparesNothingForATextWithoutTheBeginningOfAValue() {
    try (Redactor redactor = of("hush-hush", "Bearer token-token", "")) {
      assertThat(redactor.redact("https://a.example.com/x%20y?a=b+c&d")).contains("x%20y");
      assertThat(redactor.redact("Mon, 23 Nov 2026 00:00:00 GMT")).endsWith("GMT");
      assertThat(redactor.isPrepared()).isFalse();
      assertThat(redactor.redact("x hush-hush")).isEqualTo("x [redacted]");
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

  /**
   * A name of ten letters at the end looks like a reference of HTML of which the end is missing.
   */
  @Test
  void anAddressMayEndWithANameOfAnyLength() {
    try (Redactor redactor = of("hush-hush")) {
      for (int length = 0; length < 20; length++) {
        String query = "?a=hush-hush&b=1&" + "p".repeat(length);
        assertThat(redactor.redact(query)).isEqualTo(query.replace("hush-hush", "[redacted]"));
      }
    }
  }

  /** Nothing is worth hiding in a password of three characters, nor in what is no pair. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "basic OmFiY2Q=|abcd|[redacted]",
        "BASIC dTphYmNk|xabcdx|x[redacted]x",
        "basic dTphYmM=|abc u|abc u",
        "basic bm8tcGFpcg==|no-pair|[redacted]",
        "Other dXNlcjpodXNoLWh1c2g=|hush-hush|hush-hush",
        "basic no-base64!|basic|basic",
      })
  void takesABasicValueApart(String value, String text, String clean) {
    try (Redactor redactor = of(value)) {
      assertThat(redactor.redact(text)).isEqualTo(clean);
    }
  }

  /** The alphabets of base64 differ in two characters (RFC 4648, section 5). */
  @ParameterizedTest
  @ValueSource(strings = {"Pz8/Pj4+", "Pz8_Pj4-"})
  void findsBothAlphabetsOfBase64(String base64) {
    try (Redactor redactor = of("???>>>")) {
      assertThat(redactor.redact(base64 + ".")).isEqualTo("[redacted].");
    }
  }

  @Test
  void fourBytesAreEnoughToBeFoundEncodedAndWithinWords() {
    try (Redactor redactor = of("abcd", " efgh")) {
      assertThat(redactor.redact("YWJjZA== xabcdx efgh"))
          .isEqualTo("[redacted] x[redacted]x[redacted]");
    }
  }

  @Test
  void wipesTheValuesItWasGiven() {
    byte[] value = bytes("hush-hush");
    try (Redactor redactor = Redactor.lazily(() -> List.of(value))) {
      assertThat(redactor.redact("x hush-hush")).isEqualTo("x [redacted]");
      assertThat(redactor).hasToString("Redactor");
    }
    assertThat(value).containsOnly(0);
    AhoCorasick needles = new AhoCorasick(List.of(bytes("hush")));
    assertThat(longest(needles, "hush")).isEqualTo(4);
    needles.wipe();
    assertThat(longest(needles, "hush")).isZero();
  }

  private static int longest(AhoCorasick needles, String text) {
    int state = AhoCorasick.ROOT;
    for (byte b : bytes(text)) {
      state = needles.step(state, b);
    }
    return needles.matched(state);
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
        "xabc|xabc",
        "abcx|abcx",
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

  /** Texts and values that would keep a naive search busy for minutes. */
  @Test
  @Timeout(120)
  void takesTimeForTheTextOnly() {
    List<byte[]> values = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      values.add(bytes("a".repeat(4000 + i) + "b"));
    }
    String text = "a".repeat(64 * 1024);
    for (int i = 0; i < 20; i++) {
      try (Redactor redactor = Redactor.of(values)) {
        assertThat(redactor.redact(text)).isEqualTo(text);
      }
    }
  }
}
