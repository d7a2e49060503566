package io.fastyoke.integrations.providers;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FormBodyTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\u0000',
      value = {
        "{}|",
        "{\"To\":\"+1555\"}|To=%2B1555",
        "{\"Body\":\"a b&c=d%\"}|Body=a+b%26c%3Dd%25",
        "{\"Body\":\"Grüße 😀\"}|Body=Gr%C3%BC%C3%9Fe+%F0%9F%98%80",
        "{\"Body\":\"line\\r\\nline\"}|Body=line%0D%0Aline",
        "{\"Body\":\"\"}|Body=",
        "{\"MediaUrl\":[\"https://a/1\",\"https://a/2\"]}"
            + "|MediaUrl=https%3A%2F%2Fa%2F1&MediaUrl=https%3A%2F%2Fa%2F2",
        "{\"A\":[]}|",
        "{\"A\":[null,1]}|A=1",
        "{\"A\":[[1],{\"b\":2}]}|A=%5B1%5D&A=%7B%22b%22%3A2%7D",
        "{\"ContentVariables\":{\"1\":\"x y\",\"n\":1.10}}"
            + "|ContentVariables=%7B%221%22%3A%22x+y%22%2C%22n%22%3A1.10%7D",
        "{\"N\":12345678901234567890123}|N=12345678901234567890123",
        "{\"N\":0.10}|N=0.10",
        "{\"N\":1e400}|N=1E%2B400",
        "{\"T\":true,\"F\":false,\"Z\":null}|T=true&F=false",
        "{\"a b\":\"-._*~\"}|a+b=-._*%7E"
      })
  void encodes(String json, String form) {
    assertThat(new String(FormBody.encode(Samples.json(json)), StandardCharsets.US_ASCII))
        .isEqualTo(form == null ? "" : form);
  }
}
