package io.fastyoke.integrations.oauth;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.fastyoke.integrations.vault.Secret;
import java.io.IOException;
import java.nio.CharBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The body of a token endpoint's answer (RFC 6749, sections 5.1 and 5.2). Read from the parser's
 * characters, so that the token never becomes a {@link String}.
 */
final class TokenAnswer {
  /** For a token that does not say how long it lives. */
  static final Duration DEFAULT_LIFE = Duration.ofHours(1);

  private static final Duration MAX_LIFE = Duration.ofDays(365);

  /** In bytes; servers commonly take 8 KiB for all headers together. */
  private static final int MAX_TOKEN = 16 * 1024;

  private static final JsonFactory JSON = new JsonFactory();
  private static final Pattern SECONDS = Pattern.compile("-?[0-9]{1,18}(\\.[0-9]{1,18})?");

  /**
   * The registered codes (RFC 6749, section 5.2, and IANA's list). Anything else is not told: it
   * may be an echo of what was sent.
   */
  private static final Set<String> CODES =
      Set.of(
          "invalid_request",
          "invalid_client",
          "invalid_grant",
          "invalid_scope",
          "invalid_target",
          "unauthorized_client",
          "unsupported_grant_type",
          "access_denied",
          "server_error",
          "temporarily_unavailable",
          "slow_down",
          "use_dpop_nonce",
          "invalid_dpop_proof");

  private @Nullable Secret token;
  private String type = "";
  private @Nullable String error;
  private Duration life = DEFAULT_LIFE;

  private TokenAnswer() {}

  /** The code of a refusal, if it is one that may be told. */
  static @Nullable String errorCode(byte[] body) {
    TokenAnswer answer = new TokenAnswer();
    answer.read(body);
    answer.close();
    return answer.error;
  }

  /** A granted token, or null when the body has none that can be sent. */
  static @Nullable Token token(byte[] body) {
    TokenAnswer answer = new TokenAnswer();
    boolean whole = answer.read(body);
    Secret found = answer.token;
    boolean bearer = answer.type.isEmpty() || answer.type.equalsIgnoreCase("Bearer");
    if (!whole || found == null || !bearer || !isSendable(found)) {
      answer.close();
      return null;
    }
    return new Token(found, answer.life);
  }

  /**
   * @param life zero or less when it ends at once
   */
  record Token(Secret value, Duration life) {}

  private static boolean isSendable(Secret token) {
    if (token.length() == 0 || token.length() > MAX_TOKEN) {
      return false;
    }
    for (byte b : token.expose()) {
      if (b <= ' ' || b > '~') {
        return false;
      }
    }
    return true;
  }

  /** Says whether the body is one JSON object. */
  private boolean read(byte[] body) {
    try (JsonParser json = JSON.createParser(body)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        return false;
      }
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String name = json.currentName();
        JsonToken value = json.nextToken();
        switch (name) {
          case "access_token" -> secret(json, value);
          case "token_type" -> type = shortText(json, value);
          case "expires_in" -> life = seconds(json, value);
          case "error" -> error = code(json, value);
          default -> json.skipChildren();
        }
      }
      return json.currentToken() == JsonToken.END_OBJECT;
    } catch (IOException | IllegalArgumentException malformed) {
      return false;
    }
  }

  private void secret(JsonParser json, JsonToken value) throws IOException {
    if (value != JsonToken.VALUE_STRING) {
      json.skipChildren();
      return;
    }
    char[] buffer = json.getTextCharacters();
    int from = json.getTextOffset();
    int length = json.getTextLength();
    close();
    token = Secret.ofUtf8(CharBuffer.wrap(buffer, from, length));
    // The parser has moved past these characters and recycles the buffer without clearing it.
    Arrays.fill(buffer, from, from + length, '\0');
  }

  private static @Nullable String code(JsonParser json, JsonToken value) throws IOException {
    String text = shortText(json, value);
    return CODES.contains(text) ? text : null;
  }

  private static String shortText(JsonParser json, JsonToken value) throws IOException {
    if (value == JsonToken.VALUE_NULL) {
      return "";
    }
    if (value != JsonToken.VALUE_STRING || json.getTextLength() > 64) {
      json.skipChildren();
      return "?";
    }
    return json.getText();
  }

  /** Some servers write the number as a string, and some with a fraction. */
  private static Duration seconds(JsonParser json, JsonToken value) throws IOException {
    if (!value.isScalarValue() || json.getTextLength() > 40) {
      json.skipChildren();
      return DEFAULT_LIFE;
    }
    String text = String.valueOf(json.getText()).strip();
    if (!SECONDS.matcher(text).matches()) {
      return DEFAULT_LIFE;
    }
    int dot = text.indexOf('.');
    long whole = Long.parseLong(dot < 0 ? text : text.substring(0, dot));
    return Duration.ofSeconds(Math.max(0, Math.min(whole, MAX_LIFE.toSeconds())));
  }

  private void close() {
    if (token != null) {
      token.close();
      token = null;
    }
  }
}
