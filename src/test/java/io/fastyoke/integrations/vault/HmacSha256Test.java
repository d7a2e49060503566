package io.fastyoke.integrations.vault;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class HmacSha256Test {
  private static final HexFormat HEX = HexFormat.of();

  /** RFC 4231, section 4: cases 1 to 4, 6 and 7 (5 is about truncation). */
  static Stream<Arguments> rfc4231() {
    return Stream.of(
        Arguments.of(
            "0b".repeat(20),
            text("Hi There"),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"),
        Arguments.of(
            text("Jefe"),
            text("what do ya want for nothing?"),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"),
        Arguments.of(
            "aa".repeat(20),
            "dd".repeat(50),
            "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"),
        Arguments.of(
            "0102030405060708090a0b0c0d0e0f10111213141516171819",
            "cd".repeat(50),
            "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"),
        Arguments.of(
            "aa".repeat(131),
            text("Test Using Larger Than Block-Size Key - Hash Key First"),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"),
        Arguments.of(
            "aa".repeat(131),
            text(
                "This is a test using a larger than block-size key and a larger than block-size"
                    + " data. The key needs to be hashed before being used by the HMAC algorithm."),
            "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"));
  }

  @ParameterizedTest
  @MethodSource
  void rfc4231(String key, String data, String expected) {
    byte[] mac = HmacSha256.of(HEX.parseHex(key), HEX.parseHex(data));
    assertThat(HEX.formatHex(mac)).isEqualTo(expected);
  }

  @Test
  void partsCountAsOneMessage() {
    byte[] key = {1};
    assertThat(HmacSha256.of(key, new byte[] {1, 2}, new byte[] {3}))
        .isEqualTo(HmacSha256.of(key, new byte[] {1, 2, 3}));
  }

  private static String text(String text) {
    return HEX.formatHex(text.getBytes(StandardCharsets.US_ASCII));
  }
}
