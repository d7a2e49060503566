package io.fastyoke.integrations.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CharsetsTest {

  private static @Nullable String text(byte[] bytes) {
    return Charsets.text(bytes, false, null, true);
  }

  /** Without a zero that tells: emoji in UTF-16, and characters beyond the first plane. */
  @ParameterizedTest
  @ValueSource(strings = {"UTF-16LE", "UTF-16BE", "UTF-32LE", "UTF-32BE"})
  void obeysTheMarkOfTheByteOrder(String charset) {
    for (String said : new String[] {"", "😀", "😀😀😀😀", "日本語の誤り"}) {
      assertThat(text(("\uFEFF" + said).getBytes(Charset.forName(charset)))).isEqualTo(said);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-16LE", "UTF-16BE", "UTF-32LE", "UTF-32BE", "UTF-8"})
  void knowsWideCharactersByTheirZeros(String charset) {
    String mixed = "aĀ" + "ab".repeat(3);
    for (String said : new String[] {"no", "{\"error\":\"no\"}", "a日".repeat(8), mixed.repeat(4)}) {
      assertThat(text(said.getBytes(Charset.forName(charset)))).as(said).isEqualTo(said);
    }
  }

  /** One character that is rare elsewhere does not make a text wide, and no text holds NUL. */
  @ParameterizedTest
  @ValueSource(strings = {"\0ab", "ab\0", "a\0b\0\0c\0d", "abcdefgh\0"})
  void isNoTextWithNul(String said) {
    assertThat(text(said.getBytes(StandardCharsets.UTF_8))).isNull();
  }

  /** Texts in Latin scripts are mostly ASCII; what is not, or holds control characters, is none. */
  @ParameterizedTest
  @CsvSource({
    "616161fc, aaaü",
    "61090d0a20fc6161, '61090d0a20c3bc6161'",
    "6161fcfc, ",
    "61fcfcfc, ",
    "fcfcfcfc, ",
    "6161616101fc, ",
    "616161611ffc, ",
    "81616161, "
  })
  void takesMostlyAsciiForWindows1252(String bytes, @Nullable String expected) {
    byte[] body = HexFormat.of().parseHex(bytes);
    String said =
        expected != null && expected.matches("[0-9a-f]+")
            ? new String(HexFormat.of().parseHex(expected), StandardCharsets.UTF_8)
            : expected;
    assertThat(text(body)).isEqualTo(said);
    assertThat(Charsets.text(body, false, null, false)).isNull();
  }

  @Test
  void leavesOutHalfACharacterOnlyWhereTheBodyWasCut() {
    byte[] body = {'a', 'b', 'c', 'd', (byte) 0xC3};
    assertThat(Charsets.text(body, true, null, false)).isEqualTo("abcd");
    assertThat(Charsets.text(body, false, null, false)).isNull();
  }

  @Test
  void readsNothingAsNothing() {
    assertThat(text(new byte[0])).isEmpty();
    assertThat(text(new byte[] {(byte) 0xFF})).isEqualTo("ÿ");
    assertThat(Charsets.text(new byte[] {'a'}, false, "no such name!", true)).isEqualTo("a");
  }
}
