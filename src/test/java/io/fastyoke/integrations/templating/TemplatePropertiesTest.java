package io.fastyoke.integrations.templating;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class TemplatePropertiesTest {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  @Property
  void whatIsWrittenReadsBackTheSame(@ForAll("json") JsonNode value) {
    String json = Json.write(value);

    assertThat(Json.write(Json.parse(json))).isEqualTo(json);
    assertThat(Json.writeBytes(Json.parse(json))).isEqualTo(json.getBytes(StandardCharsets.UTF_8));
    assertThat(JsonSize.of(value, Integer.MAX_VALUE)).isEqualTo(Json.writeBytes(value).length);
  }

  @Property
  void aRenderedBodyHasTheShapeOfItsTemplate(
      @ForAll("json") JsonNode value, @ForAll("hostile") String text) {
    Variables variables = variables(value, text);
    JsonNode template =
        Json.parse(
            "{\"typed\":\"{{context.v}}\",\"text\":[\"a{{context.s}}b{{context.s}}\"],\"n\":1.0}");

    JsonNode sent = Json.parse(Json.writeBytes(Template.renderBody(template, variables)));

    assertThat(sent.fieldNames()).toIterable().containsExactly("typed", "text", "n");
    assertThat(Json.write(sent.get("typed"))).isEqualTo(Json.write(value));
    assertThat(sent.get("text")).hasSize(1);
    assertThat(sent.get("text").get(0).textValue()).isEqualTo("a" + text + "b" + text);
    assertThat(Json.write(sent.get("n"))).isEqualTo("1.0");
  }

  @Property
  void aPathStaysUnderItsBase(@ForAll("hostile") String text) {
    Optional<String> path =
        rendered(
            () -> Template.renderPath("/in/{{context.s}}/out?q={{context.s}}&r=1", text(text)));
    assertThat(path.isEmpty()).isEqualTo(text.isEmpty() || Traversal.leadsAway(text));
    path.ifPresent(
        rendered -> {
          URI uri = URI.create("https://api.example.com:8443/base" + rendered);
          assertThat(uri.getScheme()).isEqualTo("https");
          assertThat(uri.getHost()).isEqualTo("api.example.com");
          assertThat(uri.getPort()).isEqualTo(8443);
          assertThat(uri.getRawUserInfo()).isNull();
          assertThat(uri.getRawFragment()).isNull();
          assertThat(uri.normalize()).isEqualTo(uri);
          String[] segments = uri.getRawPath().split("/", -1);
          assertThat(segments).hasSize(5).startsWith("", "base", "in").endsWith("out");
          assertThat(decoded(segments[3])).isEqualTo(text);
          String[] pairs = uri.getRawQuery().split("&", -1);
          assertThat(pairs).hasSize(2).endsWith("r=1");
          assertThat(decoded(pairs[0].substring(2))).isEqualTo(text);
        });
  }

  @Property
  void neitherAnyTemplateNorAnyValueLeavesTheBase(
      @ForAll("pathTemplate") String template, @ForAll("hostile") String text) {
    rendered(() -> Template.renderPath(template, text(text)))
        .ifPresent(
            rendered -> {
              URI uri = URI.create("https://api.example.com/base" + rendered);
              assertThat(uri.getHost()).isEqualTo("api.example.com");
              assertThat(uri.getRawUserInfo()).isNull();
              assertThat(uri.getRawFragment()).isNull();
              assertThat(uri.normalize().getRawPath()).isEqualTo(uri.getRawPath());
              assertThat(URI.create(rendered.replaceAll("(?i)%2e", ".")).normalize().getRawPath())
                  .isEqualTo(uri.getRawPath().substring(5).replaceAll("(?i)%2e", "."));
            });
  }

  @Property
  void aHeaderIsOneLineOfAscii(@ForAll("hostile") String template, @ForAll("hostile") String text) {
    String literal = template.replaceAll("[{\\\\]", "");
    boolean clean = (literal + text).matches("[\\t\\x20-\\x7E]*");
    Optional<String> header =
        rendered(() -> Template.renderHeader("X-Test", literal + "{{context.s}}", text(text)));

    assertThat(header).isEqualTo(clean ? Optional.of(literal + text) : Optional.empty());
  }

  @Property
  void anyTextIsRenderedOrRefusedWithATemplateException(@ForAll("anyText") String template) {
    Variables variables = text("x");
    JsonNode node = NODES.textNode(template);

    rendered(() -> Json.write(Template.renderBody(node, variables)))
        .ifPresent(json -> assertThat(Json.parse(json).isTextual()).isTrue());
  }

  private static Optional<String> rendered(Supplier<String> rendering) {
    try {
      return Optional.of(rendering.get());
    } catch (TemplateException e) {
      return Optional.empty();
    }
  }

  private static String decoded(String encoded) {
    return URLDecoder.decode(encoded.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  private static Variables text(String text) {
    return variables(NODES.nullNode(), text);
  }

  private static Variables variables(JsonNode value, String text) {
    ObjectNode roots = NODES.objectNode();
    roots.putObject("context").put("s", text).set("v", value);
    return Variables.of(roots);
  }

  /** Valid Unicode, much of it with a meaning to JSON, URLs, headers or templates. */
  @Provide
  Arbitrary<String> hostile() {
    Arbitrary<String> meaningful =
        Arbitraries.of(
            "..",
            ".",
            "/",
            "\\",
            "%2e",
            "%",
            "?",
            "#",
            "&",
            "=",
            "@",
            ":",
            ";",
            "\r\n",
            "\u0000",
            "\"",
            "\",\"x\":\"",
            "{{context.s}}",
            "{{",
            "}}",
            "{",
            "\\{{",
            "é",
            "😀",
            "a",
            " ");
    Arbitrary<String> any =
        Arbitraries.strings()
            .all()
            .ofMaxLength(20)
            .map(s -> new String(s.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8));
    return Arbitraries.oneOf(
        meaningful.list().ofMaxSize(5).map(parts -> String.join("", parts)), any);
  }

  @Provide
  Arbitrary<String> pathTemplate() {
    return Arbitraries.of(
            "/", ".", "%2e", ";", "a", "?", "{{context.s}}", "{{context.no?}}", "@", "%41")
        .list()
        .ofMaxSize(8)
        .map(parts -> "/" + String.join("", parts));
  }

  @Provide
  Arbitrary<String> anyText() {
    return Arbitraries.oneOf(
        Arbitraries.strings().all().ofMaxLength(30),
        Arbitraries.strings().withChars("{}?.\\ cxs").ofMaxLength(20));
  }

  @Provide
  Arbitrary<JsonNode> json() {
    Arbitrary<JsonNode> scalar =
        Arbitraries.oneOf(
            hostile().map(NODES::textNode),
            Arbitraries.of(true, false).map(NODES::booleanNode),
            Arbitraries.just(NODES.nullNode()),
            Arbitraries.bigIntegers().map(NODES::numberNode),
            Arbitraries.bigDecimals().map(BigDecimal::toString).map(Json::parse),
            Arbitraries.of("1e400", "-0.0", "1.10", "1E-7").map(Json::parse));
    return Arbitraries.recursive(() -> scalar, TemplatePropertiesTest::container, 0, 4);
  }

  private static Arbitrary<JsonNode> container(Arbitrary<JsonNode> element) {
    Arbitrary<JsonNode> arrays =
        element.list().ofMaxSize(3).map(list -> new ArrayNode(NODES, list));
    Arbitrary<JsonNode> objects =
        Arbitraries.maps(Arbitraries.of("a", "{{context.s}}", "\"", "", "ö"), element)
            .ofMaxSize(3)
            .map((Map<String, JsonNode> fields) -> NODES.objectNode().setAll(fields));
    return Arbitraries.oneOf(arrays, objects);
  }
}
