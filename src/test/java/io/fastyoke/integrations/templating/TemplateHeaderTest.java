package io.fastyoke.integrations.templating;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TemplateHeaderTest {
  @ParameterizedTest
  @CsvSource({
    "plain, plain",
    "{{context.v}}, a b",
    "v={{context.v}}; n={{context.n}}, v=a b; n=1.10",
    "{{context.o}}, '{\"k\":[true]}'",
    "x{{context.nope?}}, x",
    "\\{{literal}}, {{literal}}"
  })
  void rendersAHeader(String template, String value) {
    Variables variables =
        Variables.of(
            (ObjectNode)
                Json.parse("{\"context\":{\"v\":\"a b\",\"n\":1.10,\"o\":{\"k\":[true]}}}"));

    assertThat(Template.renderHeader("X-Test", template, variables)).isEqualTo(value);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a\r\nX-Evil: 1",
        "\n",
        "\r",
        "\u0000",
        "\u007f",
        "\u001b",
        "José",
        "\u0085",
        "\u2028",
        "😀",
        "\u010d\u010a"
      })
  void refusesWhatCouldEndAHeaderInValuesAndTemplates(String hostile) {
    assertThatThrownBy(() -> Template.renderHeader("X-Test", "a{{context.v}}", context(hostile)))
        .isInstanceOfSatisfying(
            TemplateException.class, e -> assertThat(e.variable()).isEqualTo("context.v"))
        .hasMessageContaining("X-Test")
        .hasMessageNotContaining(hostile);
    assertThatThrownBy(() -> Template.renderHeader("X-Test", "a" + hostile, context("")))
        .isInstanceOf(TemplateException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "a:", ":path", "a\r\n", "é", "{{context.v}}"})
  void refusesABadName(String name) {
    assertThatThrownBy(() -> Template.renderHeader(name, "x", context("")))
        .isInstanceOf(TemplateException.class);
  }

  @Test
  void limitsTheLength() {
    assertThat(Template.renderHeader("X", "{{context.v}}", context("x".repeat(8_192))))
        .hasSize(8_192);
    assertThatThrownBy(
            () -> Template.renderHeader("X", "a{{context.v}}", context("x".repeat(8_192))))
        .isInstanceOf(TemplateException.class)
        .hasMessageContaining("longer than 8192");
  }

  private static Variables context(String value) {
    ObjectNode roots = JsonNodeFactory.instance.objectNode();
    roots.putObject("context").put("v", value);
    return Variables.of(roots);
  }
}
