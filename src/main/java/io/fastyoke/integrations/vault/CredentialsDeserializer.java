package io.fastyoke.integrations.vault;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import java.io.IOException;

/**
 * Reads the {@code credentials} of a request from the parser's characters into secrets, so that no
 * value becomes a {@link String}. Errors of shape go to {@link Credentials#shapeErrors()} instead
 * of an exception, because Jackson's messages quote values.
 */
final class CredentialsDeserializer extends StdDeserializer<Credentials> {
  private static final long serialVersionUID = 1L;

  CredentialsDeserializer() {
    super(Credentials.class);
  }

  @Override
  public Credentials deserialize(JsonParser json, DeserializationContext context)
      throws IOException {
    SecretFields reading = new SecretFields();
    // Registered before the first secret is read: the body may end in the middle of one.
    ParsedSecrets.remember(context, reading);
    if (json.currentToken() == JsonToken.START_OBJECT) {
      reading.object(json);
    } else {
      json.skipChildren();
      reading.errors.put("", "must be an object");
    }
    return new Credentials(reading.fields, reading.shape());
  }
}
