package io.fastyoke.integrations.providers;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.charset.StandardCharsets;

/** JSON as it goes out: compact, in the order in which it was written, numbers digit by digit. */
final class OutgoingJson {
  static final String CONTENT_TYPE = "application/json";
  private static final ObjectWriter WRITER = JsonMapper.builder().build().writer();

  private OutgoingJson() {}

  static byte[] encode(JsonNode node) {
    return text(node).getBytes(StandardCharsets.UTF_8);
  }

  static String text(JsonNode node) {
    try {
      return WRITER.writeValueAsString(node);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not writable as JSON");
    }
  }
}
