package io.fastyoke.integrations.providers;

import com.fasterxml.jackson.databind.JsonNode;
import io.fastyoke.integrations.vault.Credentials;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The body for a tenant's endpoint, in the form that the Content-Type of the action or the
 * credential says: JSON (also under {@code text/plain}), a form, or a text as it is, in its
 * charset.
 */
final class RestBody {
  private static final String HEADER = "content-type";

  /** Of which a text may be more than one value. */
  private static final Set<String> AS_IT_IS =
      Set.of("text/plain", "application/x-ndjson", "application/ndjson");

  private static final Pattern CHARSET =
      Pattern.compile(";\\s*charset\\s*=\\s*\"?([^\";\\s]+)", Pattern.CASE_INSENSITIVE);

  private final String type;
  private final Charset charset;

  private RestBody(String type, Charset charset) {
    this.type = type;
    this.charset = charset;
  }

  /** What is going to be sent with these headers. */
  static RestBody of(Credentials credentials, RenderedAction action) {
    String type = OutgoingJson.CONTENT_TYPE;
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
    Matcher named = CHARSET.matcher(type);
    Charset charset = named.find() ? charset(named.group(1)) : StandardCharsets.UTF_8;
    return new RestBody(media.strip().toLowerCase(Locale.ROOT), charset);
  }

  /** What is wrong with a body of this type, or null. */
  @Nullable String problem(@Nullable JsonNode body) {
    if (body == null) {
      return null;
    }
    if (body.isTextual() || isJson() || (isForm() && body.isObject())) {
      return isAsItIs(body) && !charset.newEncoder().canEncode(body.textValue())
          ? "has letters that cannot be written in the charset of its Content-Type; use utf-8"
          : null;
    }
    return isForm()
        ? "must be an object or a text with Content-Type " + FormBody.CONTENT_TYPE
        : "must be a text with this Content-Type; only JSON and forms are made of other values";
  }

  /** ASCII, which all charsets share, for a name that Java does not know. */
  private static Charset charset(String name) {
    try {
      Charset charset = Charset.forName(name);
      return charset.canEncode() ? charset : StandardCharsets.US_ASCII;
    } catch (IllegalArgumentException e) {
      return StandardCharsets.US_ASCII;
    }
  }

  private boolean isAsItIs(JsonNode body) {
    return body.isTextual() && (!isJson() || AS_IT_IS.contains(type));
  }

  byte[] encode(JsonNode body) {
    if (isForm() && body.isObject()) {
      return FormBody.encode(body);
    }
    return isAsItIs(body) ? body.textValue().getBytes(charset) : OutgoingJson.encode(body);
  }

  private boolean isForm() {
    return type.equals(FormBody.CONTENT_TYPE);
  }

  private boolean isJson() {
    return type.isEmpty() || type.endsWith("json") || type.equals("text/plain");
  }
}
