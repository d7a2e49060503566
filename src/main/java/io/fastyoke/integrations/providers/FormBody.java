package io.fastyoke.integrations.providers;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.StringJoiner;

/**
 * A JSON object as {@code application/x-www-form-urlencoded} (WHATWG URL, section 5): an array
 * repeats its key, an object inside becomes its JSON text, null leaves the key out, and numbers
 * keep their digits.
 */
final class FormBody {
  static final String CONTENT_TYPE = "application/x-www-form-urlencoded";

  private FormBody() {}

  static byte[] encode(JsonNode object) {
    StringJoiner form = new StringJoiner("&");
    object
        .properties()
        .forEach(
            field -> {
              if (field.getValue().isArray()) {
                field.getValue().forEach(item -> add(form, field.getKey(), item));
              } else {
                add(form, field.getKey(), field.getValue());
              }
            });
    return form.toString().getBytes(StandardCharsets.US_ASCII);
  }

  private static void add(StringJoiner form, String key, JsonNode value) {
    if (!value.isNull()) {
      String text = value.isContainerNode() ? OutgoingJson.text(value) : value.asText();
      form.add(encode(key) + "=" + encode(text));
    }
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
