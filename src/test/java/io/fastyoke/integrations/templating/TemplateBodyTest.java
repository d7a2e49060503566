package io.fastyoke.integrations.templating;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TemplateBodyTest {
  private static final Variables VARIABLES =
      variables(
          """
          {"job": {"id": "job_1", "amount": 1.10, "big": 12345678901234567890, "tiny": 0.0000001,
                   "huge": 1e400, "ok": true, "none": null, "empty": "", "list": [1, "two", 3.0],
                   "object": {"z": 1, "a": "\\"q\\""}, "evil": "\\",\\"x\\":\\"", "nested": "{{job.id}}",
                   "emoji": "😀"}}
          """);

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '|',
      value = {
        // a whole placeholder keeps its type
        "{{job.id}}|\"job_1\"",
        "{{ job.id\t}}|\"job_1\"",
        "{{job.amount}}|1.10",
        "{{job.big}}|12345678901234567890",
        "{{job.tiny}}|0.0000001",
        "{{job.huge}}|1e400",
        "{{job.ok}}|true",
        "{{job.none}}|null",
        "{{job.none?}}|null",
        "{{job.nope?}}|null",
        "{{ job.nope ? }}|null",
        "{{nope.nope?}}|null",
        "{{job.empty}}|\"\"",
        "{{job.list}}|[1,\"two\",3.0]",
        "{{job.object}}|{\"z\":1,\"a\":\"\\\"q\\\"\"}",
        "{{job.list.1}}|\"two\"",
        // text around it makes text
        "` {{job.id}}`|\" job_1\"",
        "a {{job.amount}} b|\"a 1.10 b\"",
        "{{job.big}}{{job.tiny}}|\"123456789012345678900.0000001\"",
        "n={{job.huge}}|\"n=1e400\"",
        "{{job.ok}}!|\"true!\"",
        "[{{job.none?}}{{job.nope?}}]|\"[]\"",
        "l={{job.list}}|\"l=[1,\\\"two\\\",3.0]\"",
        "o={{job.object}}|\"o={\\\"z\\\":1,\\\"a\\\":\\\"\\\\\\\"q\\\\\\\"\\\"}\"",
        "{{job.emoji}}.|\"😀.\"",
        "{\"a\":{{job.amount}}}|\"{\\\"a\\\":1.10}\"",
        // literals
        "plain|\"plain\"",
        "{ {job.id} }|\"{ {job.id} }\"",
        "}} a }}|\"}} a }}\"",
        "\\{{job.id}}|\"{{job.id}}\"",
        "\\{{{{job.id}}}}|\"{{job_1}}\"",
        "\\\\{{job.id}}|\"\\\\job_1\"",
        "\\\\\\{{job.id}}|\"\\\\{{job.id}}\"",
        "\\\\\\\\{{job.id}}|\"\\\\\\\\job_1\"",
        "C:\\jobs\\\\{{job.id}}\\\\x\\|\"C:\\\\jobs\\\\job_1\\\\\\\\x\\\\\"",
        "{{job.id}}\\\\{{job.id}}\\{{|\"job_1\\\\job_1{{\"",
        "a\\b {{job.id}}|\"a\\\\b job_1\"",
        // values are data
        "{{job.nested}}|\"{{job.id}}\"",
        "{{job.nested}} {{job.id}}|\"{{job.id}} job_1\"",
        "{{job.evil}}|\"\\\",\\\"x\\\":\\\"\"",
        "-{{job.evil}}-|\"-\\\",\\\"x\\\":\\\"-\"",
      })
  void rendersAString(String template, String json) {
    JsonNode body = JsonNodeFactory.instance.objectNode().put("s", template);

    JsonNode rendered = Template.renderBody(body, VARIABLES);

    assertThat(Json.write(rendered)).isEqualTo("{\"s\":" + json + "}");
  }

  @Test
  void rendersValuesAtAnyPlaceAndLeavesTheRest() {
    JsonNode template =
        Json.parse(
            """
            {"{{job.id}}": 1.0, "b": [{"c": "{{job.amount}}"}, null, false, "x"], "a": {"job.id": "{{job.id}}"}}
            """);

    assertThat(Json.write(Template.renderBody(template, VARIABLES)))
        .isEqualTo(
            "{\"{{job.id}}\":1.0,\"b\":[{\"c\":1.10},null,false,\"x\"],\"a\":{\"job.id\":\"job_1\"}}");
  }

  @ParameterizedTest
  @CsvSource({
    "{{job.nope}}, job.nope, does not exist",
    "a {{job.nope}}, job.nope, does not exist",
    "{{secrets.key}}, secrets.key, does not exist",
    "{{job.list.3}}, job.list.3, does not exist",
    "{{job.id.x}}, job.id.x, does not exist",
    "a {{job.none}}, job.none, is null"
  })
  void namesAMissingVariable(String template, String variable, String problem) {
    assertThatThrownBy(() -> Template.renderBody(TextNode.valueOf(template), VARIABLES))
        .isInstanceOf(TemplateException.class)
        .hasMessageStartingWith("The variable " + variable + " " + problem)
        .asInstanceOf(InstanceOfAssertFactories.type(TemplateException.class))
        .extracting(TemplateException::variable)
        .isEqualTo(variable);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{{",
        "a {{job.id",
        "{{job.id}",
        "{{}}",
        "{{ }}",
        "{{?}}",
        "{{job..id}}",
        "{{.job}}",
        "{{job.}}",
        "{{job.id??}}",
        "{{?job.id}}",
        "{{job id}}",
        "{{{job.id}}}",
        "{{{{job.id}}}}",
        "{{ {{job.id}} }}",
        "{{job.id}} {{",
        "{{#if job.id}}",
        "{{job['id']}}",
        "{{job.\"id\"}}",
        "{{job\\id}}",
        "{{job.\u0000}}",
        "{{job.a?.b}}"
      })
  void refusesAMalformedPlaceholder(String template) {
    assertThatThrownBy(() -> Template.renderBody(TextNode.valueOf(template), VARIABLES))
        .isInstanceOf(TemplateException.class)
        .hasMessageContaining("placeholder at character")
        .asInstanceOf(InstanceOfAssertFactories.type(TemplateException.class))
        .extracting(TemplateException::variable)
        .isNull();
  }

  @Test
  void aRenderedTreeIsItsOwn() {
    ObjectNode body =
        (ObjectNode) Template.renderBody(Json.parse("{\"o\":\"{{job.object}}\"}"), VARIABLES);

    ((ObjectNode) body.get("o")).put("z", "changed");

    assertThat(VARIABLES.lookup("job.object.z")).hasToString("1");
  }

  @Test
  void limitsOneValueTo64KiB() {
    Variables most = context("x".repeat(65_536));
    Variables tooMuch = context("x".repeat(65_537));
    Variables umlauts = context("ä".repeat(32_769));

    assertThat(Template.renderBody(TextNode.valueOf("{{context.v}}"), most).textValue())
        .hasSize(65_536);
    assertRefused("{{context.v}}", tooMuch, "larger than 65536 bytes");
    assertRefused("{{context}}", tooMuch, "larger than 65536 bytes");
    assertRefused("a{{context.v}}", umlauts, "larger than 65536 bytes");
  }

  @Test
  @Timeout(5)
  void limitsTheBodyTo256KiBWhileRendering() {
    Variables large = context("x".repeat(60_000));

    assertThat(Template.renderBody(TextNode.valueOf("{{context.v}}".repeat(4)), large).textValue())
        .hasSize(240_000);
    assertRefused("{{context.v}}".repeat(50_000), large, "too large");
    assertRefused("[".repeat(256 * 1024), large, "larger than 262144 bytes");
    assertRefused("{{context.v}}".repeat(2), context("\u0001".repeat(60_000)), "larger than");
  }

  @Test
  void limitsTheDepthOfTemplateValueAndBoth() {
    Variables deep = variables("{\"context\":" + "[".repeat(63) + "]".repeat(63) + "}");
    JsonNode inArray = Json.parse("[\"{{context}}\"]");
    JsonNode inTwo = Json.parse("[[\"{{context}}\"]]");

    JsonNode deepest = Template.renderBody(inArray, deep);
    assertThat(Json.parse(Json.write(deepest))).isEqualTo(deepest);
    assertThatThrownBy(() -> Template.renderBody(inTwo, deep))
        .isInstanceOf(TemplateException.class)
        .hasMessageContaining("nested too deep");

    JsonNode endless = JsonNodeFactory.instance.arrayNode();
    for (int i = 0; i < 100_000; i++) {
      endless = JsonNodeFactory.instance.arrayNode().add(endless);
    }
    JsonNode template = endless;
    assertThatThrownBy(() -> Template.renderBody(template, deep))
        .isInstanceOf(TemplateException.class)
        .hasMessageContaining("nested deeper than 64");
    assertThat(Template.missing(template, deep)).isEmpty();
    assertRefused(
        "{{context}}",
        Variables.of(JsonNodeFactory.instance.objectNode().set("context", template)),
        "nested too deep");
  }

  @Test
  void refusesLoneSurrogates() {
    assertRefused("{{context.v}}", context("a\ud800b"), "context.v contains text that is not");
    assertRefused("{{context}}", context("\udc00"), "context contains text that is not");
    assertRefused("id {{context.v}}", context("a\ud800b"), "context.v contains text that is not");
    assertRefused("{\"a\": {{context}}}", context("\udc00"), "context contains text that is not");
    Variables named =
        Variables.of(
            JsonNodeFactory.instance
                .objectNode()
                .set("context", JsonNodeFactory.instance.objectNode().put("\ud800", 1)));
    assertRefused("{{context}}", named, "context contains text that is not");
    assertRefused("\ud800", context(""), "not valid Unicode");
    assertThatThrownBy(
            () ->
                Template.renderBody(
                    JsonNodeFactory.instance.objectNode().put("\udbff", 1), VARIABLES))
        .isInstanceOf(TemplateException.class);
  }

  @Test
  void listsAllMissingVariablesOnce() {
    JsonNode template =
        Json.parse(
            """
            {"a": "{{job.x}} {{job.id}} {{job.y?}} {{a.b}}", "b": ["{{job.x}}", {"c": "{{z}}"}],
             "d": "{{job.none}}", "e": "-{{job.none}}", "{{key}}": "\\\\{{literal}}"}
            """);

    assertThat(Template.missing(template, VARIABLES))
        .containsExactly("job.x", "a.b", "z", "job.none");
    assertThat(Template.missing("/x/{{job.x}}/{{job.none}}/{{job.id}}", VARIABLES))
        .containsExactly("job.x", "job.none");
    assertThat(Template.missingInPath("/{{job.x}}?a={{z}}&b={{job.id}}{{job.x}}", VARIABLES))
        .containsExactly("job.x", "z");
  }

  private static void assertRefused(String template, Variables variables, String problem) {
    assertThatThrownBy(() -> Template.renderBody(TextNode.valueOf(template), variables))
        .isInstanceOf(TemplateException.class)
        .hasMessageContaining(problem);
  }

  private static Variables context(String value) {
    ObjectNode roots = JsonNodeFactory.instance.objectNode();
    roots.putObject("context").put("v", value);
    return Variables.of(roots);
  }

  private static Variables variables(String json) {
    return Variables.of((ObjectNode) Json.parse(json));
  }
}
