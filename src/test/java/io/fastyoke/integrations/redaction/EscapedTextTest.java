package io.fastyoke.integrations.redaction;

import static org.assertj.core.api.Assertions.assertThat;

import io.fastyoke.integrations.redaction.EscapedText.Escape;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class EscapedTextTest {

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String plain(EscapedText text) {
    byte[] all = new byte[text.length()];
    for (int i = 0; i < all.length; i++) {
      all[i] = text.at(i);
    }
    return new String(all, StandardCharsets.UTF_8);
  }

  private static String undone(Escape escape, String text) {
    return plain(EscapedText.raw(bytes(text)).undo(escape));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "%41%7a|Az",
        "%u0041%U00e9|Aé",
        "%41+|A+",
        "%zz%4z|%zz%4z",
        "%uzzzz|%uzzzz",
        "a%u004|a",
        "a%u00e|a",
        "a%4|a",
        "a%|a"
      })
  void undoesPercentEncoding(String text, String plain) {
    assertThat(undone(Escape.PERCENT, text)).isEqualTo(plain);
  }

  @Test
  void onlyAFormWritesASpaceAsPlus() {
    assertThat(undone(Escape.FORM, "a+%2B+%4")).isEqualTo("a + ");
    assertThat(undone(Escape.PERCENT, "a+%2B+")).isEqualTo("a+++");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\u0000',
      value = {
        "\\\"\\/\\'|\"/'",
        "\\x41\\u0041|AA",
        "\\xzz|xzz",
        "a\\|a",
        "a\\x4|a",
        "a\\u004|a",
        "\\uzzzz!|?!"
      })
  void undoesEscapesOfJsonAndOfScripts(String text, String plain) {
    assertThat(undone(Escape.JSON, text)).isEqualTo(plain);
  }

  @Test
  void undoesTheShortEscapesOfJson() {
    assertThat(undone(Escape.JSON, "\\n\\r\\t\\b\\f")).isEqualTo("\n\r\t\b\f");
  }

  /** What JSON writes as a pair of surrogates is one character; half a pair is none. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\\ud83d\\ude00|😀",
        "\\ud800\\udc00|\uD800\uDC00",
        "\\udbff\\udfff|\uDBFF\uDFFF",
        "\\ud83dx|?x",
        "\\ud83d|?",
        "\\ud83d\\u0041|?A",
        "\\ud83d\\ud83d|??",
        "\\ud83d\\ue000|?\uE000",
        "\\ud83d\\x41\\x41|?AA",
        "\\ud83d-u0041|?-u0041",
        "\\udc00\\udc00|??",
        "\\udfff|?"
      })
  void joinsSurrogates(String text, String plain) {
    assertThat(undone(Escape.JSON, text)).isEqualTo(plain);
  }

  /** The first and the last character of each length in UTF-8 (RFC 3629, section 3). */
  @Test
  void writesUtf8() {
    for (int unit : new int[] {0, 0x7F, 0x80, 0xE9, 0x7FF, 0x800, 0x20AC, 0xD7FF, 0xE000, 0xFFFF}) {
      String character = Character.toString(unit);
      assertThat(undone(Escape.JSON, "\\u%04x!".formatted(unit))).isEqualTo(character + "!");
      assertThat(undone(Escape.HTML, "&#" + unit + ";!")).isEqualTo(character + "!");
      assertThat(undone(Escape.HTML, "&#x%x;!".formatted(unit))).isEqualTo(character + "!");
    }
    assertThat(undone(Escape.HTML, "&#65536;&#x10ffff;")).isEqualTo("\uD800\uDC00\uDBFF\uDFFF");
    assertThat(undone(Escape.JSON, "\\x00\\xff")).isEqualTo("\0ÿ");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "&lt;&LT;&amp;|<<&",
        "a & b|a & b",
        "&;&#;&#x;&#zz;|&;&#;&#x;&#zz;",
        "&nothing;|&nothing;",
        "&#x110000;|&#x110000;",
        "&#x00000041;|A",
        "&#x000000041;|&#x000000041;",
        "a&am|a",
        "a&|a"
      })
  void undoesReferencesOfHtml(String text, String plain) {
    assertThat(undone(Escape.HTML, text)).isEqualTo(plain);
  }

  /** Addresses have queries that end so: {@code ?a=1&parameter1}. */
  @Test
  void aTextMayEndWhereverAReferenceOfHtmlMayBe() {
    for (int length = 0; length < 20; length++) {
      String text = "a=1&" + "p".repeat(length);
      String read = undone(Escape.HTML, text);
      assertThat(read).isEqualTo(length <= HtmlEntities.MAX_NAME_LENGTH ? "a=1" : text);
    }
  }

  @Test
  void knowsWhatMayStandInAReference() {
    for (char c : "#09AZaz".toCharArray()) {
      assertThat(HtmlEntities.mayHold((byte) c)).as("%s", c).isTrue();
    }
    for (char c : "\"$/:@[`{".toCharArray()) {
      assertThat(HtmlEntities.mayHold((byte) c)).as("%s", c).isFalse();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "HEX, 41424344, ABCD",
    "HEX, 4142434, ???????",
    "HEX, 414243444, ABCD",
    "HEX, 414243444!, ABCD??",
    "HEX, x41424344x, ?ABCD?",
    "HEX_SHIFTED, f41424344, ?ABCD",
    "HEX_SHIFTED, f41424344f!, ?ABCD??",
    "HEX_SHIFTED, x4142434, ????????",
  })
  void readsDigitsInPairs(Escape escape, String text, String plain) {
    assertThat(undone(escape, text)).isEqualTo(plain);
  }

  @Test
  void dropsTheZerosOfWideCharacters() {
    assertThat(undone(Escape.WIDE, "\0a\0\0b\0")).isEqualTo("ab");
  }

  @ParameterizedTest
  @CsvSource({
    "PERCENT, a%41b",
    "FORM, a+b",
    "JSON, a\\nb",
    "HTML, a&lt;b",
    "HEX, 41424344",
    "HEX_SHIFTED, 41424344"
  })
  void saysWhetherThereIsSomethingToUndo(Escape escape, String text) {
    assertThat(EscapedText.raw(bytes(text)).has(escape)).isTrue();
    assertThat(EscapedText.raw(bytes("plain 4142434 text")).has(escape)).isFalse();
    assertThat(EscapedText.raw(bytes("a\0b")).has(Escape.WIDE)).isTrue();
    assertThat(EscapedText.raw(bytes("ab")).has(Escape.WIDE)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "PERCENT, a%41b%4, '0,1,4,7'",
    "JSON, a\\u0041b\\u, '0,1,7,10'",
    "JSON, a\\ud83d\\ude00b, '0,1,1,1,1,13,14'",
    "HTML, a&lt;b&#x, '0,1,5,9'",
    "HEX, -414243445, '0,1,3,5,7,10'",
  })
  void knowsWhereEachByteCameFrom(Escape escape, String text, String starts) {
    EscapedText undone = EscapedText.raw(bytes(text)).undo(escape);
    StringBuilder found = new StringBuilder();
    for (int i = 0; i <= undone.length(); i++) {
      found.append(i == 0 ? "" : ",").append(undone.start(i));
    }
    assertThat(found).hasToString(starts);
  }

  @ParameterizedTest
  @EnumSource(Escape.class)
  void wipesItsCopyAndNotTheSource(Escape escape) {
    byte[] source = bytes("hush-hush");
    EscapedText raw = EscapedText.raw(source);
    EscapedText undone = raw.undo(escape);
    undone.wipe();
    raw.wipe();
    assertThat(plain(undone)).isEqualTo("\0".repeat(undone.length()));
    assertThat(source).isEqualTo(bytes("hush-hush"));
  }
}
