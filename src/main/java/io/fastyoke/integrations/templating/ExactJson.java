package io.fastyoke.integrations.templating;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Reads a part of a larger JSON text as {@link Json} does, for properties whose numbers have to be
 * written back as they came: Jackson's own trees turn {@code 1e5} into {@code 1E+5}.
 */
public final class ExactJson extends StdDeserializer<JsonNode> {
  private static final long serialVersionUID = 1L;

  /** Made by Jackson. */
  public ExactJson() {
    super(JsonNode.class);
  }

  @Override
  public JsonNode deserialize(JsonParser parser, DeserializationContext context)
      throws IOException {
    try {
      return new TreeReader(parser).current();
    } catch (MalformedJsonException e) {
      throw new JsonParseException(parser, e.getMessage());
    }
  }

  /** A null that is written is kept as one. */
  @Override
  public JsonNode getNullValue(DeserializationContext context) {
    return context.getNodeFactory().nullNode();
  }

  @Override
  public @Nullable Object getAbsentValue(DeserializationContext context) {
    return null;
  }
}
