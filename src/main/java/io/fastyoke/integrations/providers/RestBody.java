package io.fastyoke.integrations.providers;

import com.fasterxml.jackson.databind.JsonNode;
import io.fastyoke.integrations.vault.Credentials;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The body for a tenant's endpoint, in the form that the Content-Type of the action or the
 * credential says: JSON (also under {@code text/plain}), a form, or a text as it is.
 */
final class RestBody {
  private static final String HEADER = "content-type";

  private final String type;

  private RestBody(String type) {
    this.type = type;
  }

  /** What is going to be sent with these headers. */
  static RestBody of(Credentials credentials, RenderedAction action) {
    String type = JsonBody.CONTENT_TYPE;
    for (Map.Entry<String, String> header : action.headers()) {
      type = header.getKey().equalsIgnoreCase(HEADER) ? header.getValue() : type;
    }
    for (String name : TenantHeaders.names(credentials)) {
      if (name.equalsIgnoreCase(HEADER)) {
        // A type is no secret.
        type = credentials.get("headers." + name).orElseThrow().asPublicText();
      }
    }
    int parameters = type.indexOf(';');
    String media = parameters < 0 ? type : type.substring(0, parameters);
    return new RestBody(media.strip().toLowerCase(Locale.ROOT));
  }

  /** What is wrong with a body of this type, or null. */
  @Nullable String problem(@Nullable JsonNode body) {
    if (body == null || body.isTextual() || isJson() || (isForm() && body.isObject())) {
      return null;
    }
    return isForm()
        ? "must be an object or a text with Content-Type " + FormBody.CONTENT_TYPE
        : "must be a text with this Content-Type; only JSON and forms are made of other values";
  }

  byte[] encode(JsonNode body) {
    if (isForm() && body.isObject()) {
      return FormBody.encode(body);
    }
    boolean asItIs = body.isTextual() && (!isJson() || type.equals("text/plain"));
    return asItIs ? body.textValue().getBytes(StandardCharsets.UTF_8) : JsonBody.encode(body);
  }

  private boolean isForm() {
    return type.equals(FormBody.CONTENT_TYPE);
  }

  private boolean isJson() {
    return type.isEmpty() || type.endsWith("json") || type.equals("text/plain");
  }
}
