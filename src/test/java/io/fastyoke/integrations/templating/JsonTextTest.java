package io.fastyoke.integrations.templating;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Texts that are JSON themselves, in which values must stay values. */
class JsonTextTest {
  private static final Variables VARIABLES =
      Variables.of(
          (ObjectNode)
              Json.parse(
                  """
                  {"job": {"id": "job_1", "quote": "\\"q\\\\", "breakout": "x\\",\\"2\\":\\"y",
                           "number": "1,\\"b\\":2", "n": 1.10, "none": null, "line": "a\\nb",
                           "list": [1, "two"]}}
                  """));

  private static String rendered(String template) {
    return Template.renderBody(TextNode.valueOf(template), VARIABLES).textValue();
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '|',
      value = {
        // in a string: escaped
        "{\"1\":\"{{job.breakout}}\"}|{\"1\":\"x\\\",\\\"2\\\":\\\"y\"}",
        "{\"1\": \"a {{job.quote}} {{job.line}}\" }|{\"1\": \"a \\\"q\\\\ a\\nb\" }",
        "{\"{{job.quote}}\":1}|{\"\\\"q\\\\\":1}",
        "[\"{{job.list}}\"]|[\"[1,\\\"two\\\"]\"]",
        "{\"a\":\"{{job.nope?}}\"}|{\"a\":\"\"}",
        "{\"a\":\"\\\\\\\\{{job.id}}\"}|{\"a\":\"\\\\job_1\"}",
        // elsewhere: JSON of their own type
        "{\"a\":{{job.number}}}|{\"a\":\"1,\\\"b\\\":2\"}",
        "{\"a\":{{job.n}},\"b\":{{job.list}},\"c\":{{job.none}},\"d\":{{job.nope?}}}"
            + "|{\"a\":1.10,\"b\":[1,\"two\"],\"c\":null,\"d\":null}",
        "{ {{job.number}} : 1, \"x\": \"{{job.n}}\" }|{ \"1,\\\"b\\\":2\" : 1, \"x\": \"1.10\" }",
        "{\"a\":1,\"a\":\"{{job.breakout}}\"}|{\"a\":1,\"a\":\"x\\\",\\\"2\\\":\\\"y\"}",
        // JSON in a string of JSON: escaped twice
        "{\"a\":\"{\\\"b\\\":\\\"{{job.quote}}\\\"}\"}"
            + "|{\"a\":\"{\\\"b\\\":\\\"\\\\\\\"q\\\\\\\\\\\"}\"}",
        // the literal part stays as it is written
        "{ \"\\u00e9\\/\" :\"\\u00e9{{job.id}}\\/\"}|{ \"\\u00e9\\/\" :\"\\u00e9job_1\\/\"}",
        // JSON to a reader that is not strict
        "{\"a\": {{job.n}}{{job.n}}, \"b\":\"{{job.quote}}\"}|{\"a\": 1.101.10, \"b\":\"\\\"q\\\\\"}",
        "{\"b\":\"{{job.quote}}\",}|{\"b\":\"\\\"q\\\\\",}",
        "\uFEFF{\"b\":\"{{job.quote}}\"}\u00a0|\uFEFF{\"b\":\"\\\"q\\\\\"}\u00a0",
        // no JSON: written plainly
        "x{{job.quote}} {\"a\":1}|x\"q\\ {\"a\":1}",
        "[{{job.id}}] done|[job_1] done",
        "say \"{{job.quote}}\"|say \"\"q\\\"",
        "{'a':'{{job.quote}}'}|{'a':'\"q\\'}",
      })
  void writesValuesAsTheTextNeedsThem(String template, String text) {
    assertThat(rendered(template)).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"a\":\"\\\\{{job.id}}\"}",
        "{\"a\":\"\\ud83d{{job.id}}\"}",
      })
  void refusesAPlaceholderThatSplitsACharacter(String template) {
    assertThatThrownBy(() -> rendered(template)).isInstanceOf(TemplateException.class);
  }

  /** Not allowed there, but written so by people, and taken by many readers. */
  @Test
  void aLineBreakInAStringChangesNothing() {
    assertThat(rendered("{\"a\":\"x\n\t{{job.breakout}}\"}"))
        .isEqualTo("{\"a\":\"x\n\tx\\\",\\\"2\\\":\\\"y\"}");
  }

  @Test
  void aLineOfJsonAfterTheOtherIsJsonToo() {
    assertThat(rendered("{\"i\":{}}\n{\"n\":\"{{job.quote}}\"}\n "))
        .isEqualTo("{\"i\":{}}\n{\"n\":\"\\\"q\\\\\"}\n ");
  }

  @Test
  void refusesJsonWithinJsonWithoutEnd() {
    String template = "[\"{{job.id}}\"]";
    for (int i = 0; i < 6; i++) {
      template = Json.write(JsonNodeFactory.instance.arrayNode().add(template));
    }
    String deep = template;
    assertThatThrownBy(() -> rendered(deep))
        .isInstanceOf(TemplateException.class)
        .hasMessageContaining("more than 4 times");
  }

  @Test
  void headersAndQueriesHoldJsonToo() {
    assertThat(Template.renderHeader("X-Meta", "{\"id\":\"{{job.breakout}}\"}", VARIABLES))
        .isEqualTo("{\"id\":\"x\\\",\\\"2\\\":\\\"y\"}");
    assertThat(
            Template.renderPath(
                "/q/{{job.quote}}?a={{job.quote}}&f=%7B%22id%22%3A%22{{job.quote}}%22%7D&z=1",
                VARIABLES))
        .isEqualTo("/q/%22q%5C?a=%22q%5C&f=%7B%22id%22%3A%22%5C%22q%5C%5C%22%7D&z=1");
  }

  @Test
  void aNullWithATypeIsNotMissing() {
    assertThat(
            Template.missing(
                TextNode.valueOf("{\"a\":{{job.none}},\"b\":\"{{job.none}}{{job.nope}}\"}"),
                VARIABLES))
        .containsExactly("job.none", "job.nope");
    assertThat(Template.missing(TextNode.valueOf("{\"a\":{{job.none}}}"), VARIABLES)).isEmpty();
  }

  @Property
  void noValueAddsStructure(@ForAll("templates") String template, @ForAll("hostile") String value) {
    assertThat(shape(filled(template, value))).isEqualTo(shape(filled(template, "x")));
  }

  private static JsonNode filled(String template, String value) {
    ObjectNode roots = JsonNodeFactory.instance.objectNode();
    roots.putObject("job").put("v", value);
    return Json.parse(
        Template.renderBody(TextNode.valueOf(template), Variables.of(roots)).textValue());
  }

  /** Names and kinds, into texts that are JSON as well. */
  private static String shape(JsonNode node) {
    if (node.isObject()) {
      StringBuilder shape = new StringBuilder("{");
      node.properties().forEach(f -> shape.append(f.getKey()).append(shape(f.getValue())));
      return shape + "}";
    }
    if (node.isArray()) {
      StringBuilder shape = new StringBuilder("[");
      node.forEach(element -> shape.append(shape(element)));
      return shape + "]";
    }
    String text = node.asText();
    return node.isTextual() && text.startsWith("{\"in") ? shape(Json.parse(text)) : "s";
  }

  @Provide
  Arbitrary<String> templates() {
    return Arbitraries.of(
        "{\"a\":\"{{job.v}}\",\"b\":\"x{{job.v}}y{{job.v}}\"}",
        "[{{job.v}},{\"a\":[\"{{job.v}}\"]}]",
        "{\"a\":\"{\\\"in\\\":\\\"<{{job.v}}>\\\"}\",\"b\":\"{{job.v}}\"}",
        " {\"a\" : {{job.v}} , \"b\":[ \"\\\"{{job.v}}\\u00e9\\\\\"] } ");
  }

  @Provide
  Arbitrary<String> hostile() {
    return Arbitraries.of(
            "\"", "\\", ",", "\"b\":1", "{", "}", "]", "\n", "\u0000", "é", "😀", "a", "1")
        .list()
        .ofMaxSize(6)
        .map(parts -> String.join("", parts));
  }
}
