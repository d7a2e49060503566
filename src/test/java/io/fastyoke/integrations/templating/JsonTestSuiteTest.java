package io.fastyoke.integrations.templating;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fastyoke.integrations.templating.JsonTestSuite.Case;
import io.fastyoke.integrations.templating.JsonTestSuite.Expected;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class JsonTestSuiteTest {
  @Test
  void isWhole() {
    assertThat(JsonTestSuite.cases()).hasSize(318);
  }

  /**
   * Nothing but a refusal comes of the others, and what is taken is written so that it is again.
   */
  @ParameterizedTest
  @MethodSource("io.fastyoke.integrations.templating.JsonTestSuite#cases")
  void takesWhatIsJsonAndRefusesTheRest(Case text) {
    Optional<JsonNode> taken = parsed(text.text());
    if (text.expected() != Expected.EITHER) {
      assertThat(taken.isPresent()).isEqualTo(text.expected() == Expected.TAKEN);
    }
    taken.ifPresent(node -> assertThat(Json.parse(Json.writeBytes(node))).isEqualTo(node));
  }

  private static Optional<JsonNode> parsed(byte[] text) {
    try {
      return Optional.of(Json.parse(text));
    } catch (MalformedJsonException e) {
      return Optional.empty();
    }
  }
}
