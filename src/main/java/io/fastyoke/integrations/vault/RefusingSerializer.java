package io.fastyoke.integrations.vault;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;

/** Fails on every attempt to write a secret as JSON, so that such a bug is found. */
final class RefusingSerializer extends StdSerializer<Object> {
  private static final long serialVersionUID = 1L;

  RefusingSerializer() {
    super(Object.class);
  }

  @Override
  public void serialize(Object value, JsonGenerator json, SerializerProvider provider)
      throws JsonMappingException {
    throw JsonMappingException.from(json, "secrets are never written");
  }
}
