package io.fastyoke.integrations.providers;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.fastyoke.integrations.egress.Exchange.Answered;
import java.io.IOException;
import java.util.Optional;
import java.util.regex.Pattern;

/** Finds what a provider calls a message in its answer. */
final class MessageId {
  private static final JsonFactory JSON = new JsonFactory();

  /** What could be anything else is no id: it is shown, stored and looked for. */
  private static final Pattern ID = Pattern.compile("[!-~]{1,255}");

  private MessageId() {}

  /** The first header of a name. */
  static Optional<String> inHeader(Answered answer, String name) {
    return answer.headers().stream()
        .filter(header -> header.getKey().equalsIgnoreCase(name))
        .findFirst()
        .map(header -> header.getValue().strip())
        .filter(value -> ID.matcher(value).matches());
  }

  /**
   * A text that is a field of the answer's object, and not of one within it. Also of use when the
   * answer was cut behind it.
   */
  static Optional<String> inBody(Answered answer, String field) {
    try (JsonParser json = JSON.createParser(answer.body())) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        return Optional.empty();
      }
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String name = json.currentName();
        JsonToken value = json.nextToken();
        if (name.equals(field)) {
          return value == JsonToken.VALUE_STRING
              ? Optional.of(json.getText()).filter(text -> ID.matcher(text).matches())
              : Optional.empty();
        }
        json.skipChildren();
      }
      return Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
