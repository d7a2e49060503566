package io.fastyoke.integrations.templating;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "0",
        "-0",
        "-0.0",
        "1.10",
        "1.0",
        "12345678901234567890",
        "0.1000000000000000055511151231",
        "0.0000001",
        "1e400",
        "1E+2",
        "1e-400",
        "-1.5e3",
        "1e999999999",
        "1e-999999999",
        "9223372036854775808",
        "2147483648",
        "{\"z\":1.50,\"a\":[true,null,\"\"],\"m\":{}}",
        "\"\\u0000\\n\\\"\"",
        "\"Grüße 😀\"",
        "[]",
        "\"\""
      })
  void writesBackWhatItRead(String json) {
    assertThat(Json.write(Json.parse(json))).isEqualTo(json);
    byte[] utf8 = json.getBytes(StandardCharsets.UTF_8);
    assertThat(Json.writeBytes(Json.parse(utf8))).isEqualTo(utf8);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "{",
        "[1,]",
        "{\"a\":1,}",
        "{a:1}",
        "'a'",
        "01",
        "+1",
        ".5",
        "1.",
        "NaN",
        "Infinity",
        "-",
        "0x1",
        "1 2",
        "[1] x",
        "{\"a\":1 \"b\":2}",
        "[1 2]",
        "nul",
        "\"\t\"",
        "\"\\x\"",
        "/* */1",
        "\uFEFF1",
        "{\"a\":1,\"a\":2}",
        "{\"a\":{\"b\":1,\"\\u0062\":2}}",
        "\"\\ud800\"",
        "{\"\\udc00\":1}",
        "[\"\\udc00\\ud800\"]",
        "1e99999999999",
        "\"open"
      })
  void refusesWhatIsNotStrictlyJson(String text) {
    assertThatThrownBy(() -> Json.parse(text)).isInstanceOf(MalformedJsonException.class);
  }

  @Test
  void refusesInvalidUtf8() {
    byte[] overlongSlash = {'"', (byte) 0xC0, (byte) 0xAF, '"'};
    byte[] utf16 = "[1]".getBytes(StandardCharsets.UTF_16LE);

    assertThatThrownBy(() -> Json.parse(overlongSlash)).isInstanceOf(MalformedJsonException.class);
    assertThatThrownBy(() -> Json.parse(utf16)).isInstanceOf(MalformedJsonException.class);
  }

  @Test
  void neverQuotesTheText() {
    Stream.of(
            "{\"k\":hunter2}", "{\"hunter2\":1,\"hunter2\":2}", "\"hunter2", "[\"hunter2\" hunter2")
        .forEach(
            text ->
                assertThatThrownBy(() -> Json.parse(text))
                    .isInstanceOf(MalformedJsonException.class)
                    .hasMessageContaining("line 1, column")
                    .hasMessageNotContaining("hunter2")
                    .hasNoCause());
  }

  @Test
  void limitsDepth() {
    String deepest = "[".repeat(64) + "]".repeat(64);

    assertThat(Json.write(Json.parse(deepest))).isEqualTo(deepest);
    assertThatThrownBy(() -> Json.parse("[" + deepest + "]"))
        .isInstanceOf(MalformedJsonException.class)
        .hasMessageContaining("nested too deep");
    assertThatThrownBy(() -> Json.parse("[".repeat(100_000)))
        .isInstanceOf(MalformedJsonException.class);
  }

  @Test
  void limitsLengths() {
    assertThat(Json.parse("9".repeat(1_000)).isBigInteger()).isTrue();
    assertThatThrownBy(() -> Json.parse("9".repeat(1_001)))
        .isInstanceOf(MalformedJsonException.class);
    assertThatThrownBy(() -> Json.parse("{\"" + "n".repeat(5_000) + "\":1}"))
        .isInstanceOf(MalformedJsonException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1e999999999", "-1e999999999", "1e2147483647"})
  @Timeout(5)
  void neverExpandsAHugeExponent(String huge) {
    JsonNode number = Json.parse(huge);

    assertThat(number.asText()).isEqualTo(huge);
    assertThat(number).hasToString(huge);
    assertThat(number.canConvertToInt()).isFalse();
    assertThat(number.canConvertToLong()).isFalse();
    assertThat(number.asInt()).isZero();
    assertThat(number.longValue()).isZero();
    assertThat(number.doubleValue()).isInfinite();
    assertThatThrownBy(number::bigIntegerValue).isInstanceOf(ArithmeticException.class);
  }

  static Stream<Map.Entry<String, Object>> numbers() {
    return Stream.of(
        Map.entry("7", 7),
        Map.entry("-0", 0),
        Map.entry("7.9", 7),
        Map.entry("1e3", 1000),
        Map.entry("1e-300", 0));
  }

  @ParameterizedTest
  @MethodSource("numbers")
  void numbersCanBeReadAsNumbers(Map.Entry<String, Object> number) {
    JsonNode node = Json.parse(number.getKey());

    assertThat(node.isNumber()).isTrue();
    assertThat(node.canConvertToInt()).isTrue();
    assertThat((Object) node.intValue()).isEqualTo(number.getValue());
    assertThat(node.bigIntegerValue()).isEqualTo(number.getValue().toString());
    assertThat(node).isEqualTo(Json.parse(number.getKey())).hasSameHashCodeAs(node.deepCopy());
  }

  @ParameterizedTest
  @CsvSource({
    "2147483647.0, true, true",
    "2147483648.0, false, true",
    "-2147483648.0, true, true",
    "-2147483649.0, false, true",
    "9223372036854775807.0, false, true",
    "9223372036854775808.0, false, false",
    "-9223372036854775808.0, false, true",
    "-9223372036854775809.0, false, false"
  })
  void numbersKnowWhatTheyFitInto(String text, boolean isInt, boolean isLong) {
    JsonNode number = new WrittenNumber(text);
    assertThat(number.canConvertToInt()).isEqualTo(isInt);
    assertThat(number.canConvertToLong()).isEqualTo(isLong);
    assertThat(number.longValue()).isEqualTo(new BigDecimal(text).longValue()).isNotZero();
    assertThat(number.isBigDecimal() && number.isFloatingPointNumber()).isTrue();
  }

  @Test
  void numbersAreEqualWhenTheyAreWrittenTheSame() {
    assertThat(new WrittenNumber("1.0"))
        .isEqualTo(new WrittenNumber("1.0"))
        .hasSameHashCodeAs("1.0")
        .isNotEqualTo(new WrittenNumber("1.00"))
        .isNotEqualTo("1.0");
  }

  @Test
  void anExponentIsNeverExpandedIntoMoreDigitsThanANumberMayHave() {
    assertThat(new WrittenNumber("1e1000").bigIntegerValue()).isEqualTo(BigInteger.TEN.pow(1000));
    assertThatThrownBy(() -> new WrittenNumber("1e1001").bigIntegerValue())
        .isInstanceOf(ArithmeticException.class);
  }

  @Test
  void measuresUpToALimit() {
    JsonNode eleven = Json.parse("{\"a\":[1,2]}");
    assertThat(JsonSize.of(eleven, 11)).isEqualTo(11);
    assertThat(JsonSize.of(eleven, 10)).isGreaterThan(10);
  }

  @Test
  void anotherMapperWritesTheSameNumbers() throws Exception {
    String json = "{\"a\":1.10,\"b\":[-0.0,1e400]}";

    assertThat(new ObjectMapper().writeValueAsString(Json.parse(json))).isEqualTo(json);
  }
}
