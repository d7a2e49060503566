package io.fastyoke.integrations.templating;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TemplatePathTest {
  private static final Variables VARIABLES =
      Variables.of(
          (ObjectNode)
              Json.parse(
                  """
                  {"job": {"id": "job_1", "up": "..", "dot": ".", "encoded": "%2e%2E", "empty": "",
                           "none": null, "slash": "a/../b", "slashes": "a/\\\\b/c",
                           "dots": "v1..2/.../.well-known/:.:", "tail": "a/", "tailback": "a\\\\",
                           "first": "../a", "last": "a/..", "bare": "a/.", "backup": "..\\\\a",
                           "twice": "%252e%252e/a", "mixed": "a%2f.%2e%5Cb", "parameter": "a/..;x=1/b",
                           "asked": "..?a", "cut": "..#a", "ended": "..\\u0000.png", "spaces": "a/.. /b",
                           "tabs": "a/\\t../b", "overlong": "%c0%ae%c0%ae%c0%afa", "unicode": "%u002e%u002e/a", "query": "x?y=1&z#f", "at": "u@evil.test",
                           "backslash": "\\\\evil", "nul": "\\u0000\\r\\n", "word": "Grüße 😀", "n": 1.10,
                           "list": [1,"a"], "host": "//evil.test"}}
                  """));

  @ParameterizedTest
  @CsvSource({
    "/, /",
    "/a/b, /a/b",
    "/a/, /a/",
    "/a/?b, /a/?b",
    "/users/@me:x;v=1!$&'()*+~, '/users/@me:x;v=1!$&''()*+~'",
    "/a%2Fb, /a%2Fb",
    "/a?b=c/d?e&f=//&g=.., /a?b=c/d?e&f=//&g=..",
    "/{{job.id}}, /job_1",
    "/jobs/{{job.id}}.json, /jobs/job_1.json",
    "/{{job.n}}/{{ job.list }}, /1.10/%5B1%2C%22a%22%5D",
    "/{{job.slashes}}, /a%2F%5Cb%2Fc",
    "/{{job.query}}, /x%3Fy%3D1%26z%23f",
    "/{{job.at}}, /u%40evil.test",
    "/{{job.backslash}}, /%5Cevil",
    "/{{job.dots}}, /v1..2%2F...%2F.well-known%2F%3A.%3A",
    "a/{{job.id}}, /a/job_1",
    "{{job.id}}, /job_1",
    "{{job.host}}/a, /%2F%2Fevil.test/a",
    "?a={{job.id}}, /?a=job_1",
    "/{{job.nul}}, /%00%0D%0A",
    "/{{job.word}}, /Gr%C3%BC%C3%9Fe%20%F0%9F%98%80",
    "/{{job.host}}, /%2F%2Fevil.test",
    "/a{{job.none?}}, /a",
    "/a{{job.up}}, /a..",
    "/{{job.up}}{{job.dot}}, /...",
    "/a?q={{job.query}}&e={{job.empty}}, /a?q=x%3Fy%3D1%26z%23f&e=",
    "/a?up={{job.up}}{{job.nope?}}, /a?up=..",
    "/a?{{job.word}}, /a?Gr%C3%BC%C3%9Fe%20%F0%9F%98%80"
  })
  void rendersAPath(String template, String path) {
    assertThat(Template.renderPath(template, VARIABLES)).isEqualTo(path);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "..",
        "../a",
        "./a",
        "http://evil.test/",
        "//evil.test",
        "/a//b",
        "/a//",
        "//",
        "/a/./b",
        "/..",
        "/a/..",
        "/../a",
        "/.?x",
        "/a/..?x",
        "/%2e",
        "/%2E%2e/a",
        "/.%2e",
        "/..;x=1/a",
        "/a%2F..%2Fb",
        "/a%5C..",
        "/%252e%252e/a",
        "..%2f",
        "/;x/a",
        "/a\\b",
        "/a#b",
        "/a b",
        "/a\tb",
        "/a\r\nb",
        "/a\u0000",
        "/ü",
        "/a%",
        "/a%2",
        "/a%zz",
        "/a|b",
        "/a\"b",
        "/a<b>",
        "/[a]",
        "/a^b",
        "/a`b",
        "/{a}",
        "/\\{{a}}",
        "/%{{job.n}}",
        "/a?b#c",
        "/a?b c",
        "/a?%x",
        "/a\u007f"
      })
  void refusesLiteralText(String template) {
    assertThatThrownBy(() -> Template.renderPath(template, VARIABLES))
        .isInstanceOf(TemplateException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "/{{job.up}}, job.up",
    "/a/{{job.up}}/b, job.up",
    "/{{job.dot}}?a, job.dot",
    "/{{job.dot}}., job.dot",
    "/.{{job.dot}}, job.dot",
    "/%2e{{job.dot}}, job.dot",
    "/{{job.dot}}{{job.dot}}, job.dot",
    "/{{job.up}};v=1, job.up",
    "/{{job.slash}}, job.slash",
    "/a/{{job.first}}/b, job.first",
    "/{{job.last}}, job.last",
    "/{{job.last}}?a=1, job.last",
    "/{{job.bare}}/b, job.bare",
    "/{{job.backup}}, job.backup",
    "/{{job.encoded}}, job.encoded",
    "/{{job.twice}}, job.twice",
    "/{{job.mixed}}, job.mixed",
    "/{{job.parameter}}, job.parameter",
    "/{{job.asked}}, job.asked",
    "/{{job.cut}}, job.cut",
    "/{{job.ended}}, job.ended",
    "/{{job.spaces}}, job.spaces",
    "/{{job.tabs}}, job.tabs",
    "/{{job.overlong}}, job.overlong",
    "/{{job.unicode}}, job.unicode",
    "/{{job.tail}}.., job.tail",
    "/{{job.tail}}%2e/b, job.tail",
    "/{{job.tailback}}.., job.tailback",
    "/{{job.tail}}{{job.up}}, job.up",
    "/..{{job.host}}, job.host",
    "/.{{job.backslash}}, job.backslash",
    "{{job.up}}/a, job.up",
    "/{{job.empty}}, job.empty",
    "/a/{{job.empty}}/b, job.empty",
    "/a/{{job.none?}}, job.none",
    "/a/{{job.nope?}}?b, job.nope",
    "/{{job.none}}, job.none",
    "/{{job.nope}}, job.nope",
    "/a?b={{job.nope}}, job.nope"
  })
  void namesTheVariableThatLeavesABadSegment(String template, String variable) {
    assertThatThrownBy(() -> Template.renderPath(template, VARIABLES))
        .isInstanceOfSatisfying(
            TemplateException.class, e -> assertThat(e.variable()).isEqualTo(variable));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        ".",
        "..",
        "a\\..",
        "a\\.\\b",
        "..;x=1",
        "a%2f..;x",
        "%2e",
        "a%5c%2E.",
        ".. ",
        "%20..",
        "%21/..",
        "a%2f..%00",
        "%c0%ae",
        "%u002e."
      })
  void knowsDotSegmentsHoweverTheyAreWritten(String segment) {
    assertThat(DotSegments.within(segment)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "...", "a..", "..a", "a;..", "a\\b", "%21..", "a%2f%2fb", "%2", "%zz"})
  void knowsWhatIsNoDotSegment(String segment) {
    assertThat(DotSegments.within(segment)).isFalse();
  }

  @Test
  void decodesASegmentSixteenTimes() {
    assertThat(DotSegments.within("%" + "25".repeat(15) + "2e")).isTrue();
    assertThat(DotSegments.within("%" + "25".repeat(16) + "2e")).isFalse();
    assertThat(DotSegments.within("%" + "25".repeat(16) + "41")).isFalse();
    assertThat(DotSegments.within("%" + "25".repeat(15) + "41")).isFalse();
  }

  @Test
  void limitsTheLength() {
    assertThat(Template.renderPath("/" + "a".repeat(8_191), VARIABLES)).hasSize(8_192);
    assertThatThrownBy(() -> Template.renderPath("/" + "a".repeat(8_192), VARIABLES))
        .isInstanceOf(TemplateException.class)
        .hasMessageContaining("longer than 8192");
    assertThatThrownBy(() -> Template.renderPath("/{{job.id}}".repeat(50_000), VARIABLES))
        .isInstanceOf(TemplateException.class);
  }
}
