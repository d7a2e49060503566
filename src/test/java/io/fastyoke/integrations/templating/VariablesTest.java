package io.fastyoke.integrations.templating;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VariablesTest {
  private final Variables variables =
      Variables.of(
          (ObjectNode)
              Json.parse(
                  """
                  {"job": {"id": "job_1", "items": [{"sku": "A"}, [10, 20]], "none": null,
                           "0": "key", "größe": 3, "first-name": "Ann"}}
                  """));

  @ParameterizedTest
  @CsvSource({
    "job.id, job_1",
    "job.items.0.sku, A",
    "job.items.1.1, 20",
    "job.none, null",
    "job.0, key",
    "job.größe, 3",
    "job.first-name, Ann"
  })
  void findsByKeyAndIndex(String path, String text) {
    assertThat(variables.lookup(path))
        .isInstanceOfSatisfying(JsonNode.class, node -> assertThat(node.asText()).isEqualTo(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "job.nope",
        "other",
        "job.id.length",
        "job.id.0",
        "job.none.x",
        "job.items.2",
        "job.items.-1",
        "job.items.00",
        "job.items.+0",
        "job.items.9999999999",
        "job.items.٠",
        "job.items.sku",
        "job.",
        ".job",
        "job..id",
        "",
        "."
      })
  void theRestIsMissing(String path) {
    assertThat(variables.lookup(path)).isNull();
  }

  @Test
  void anotherRootLeavesTheFirstVariablesAsTheyWere() {
    Variables more = variables.with("run", Json.parse("{\"id\":\"r1\"}"));

    assertThat(more.lookup("run.id")).isEqualTo(TextNode.valueOf("r1"));
    assertThat(more.lookup("job.id")).isEqualTo(TextNode.valueOf("job_1"));
    assertThat(variables.lookup("run.id")).isNull();
  }
}
