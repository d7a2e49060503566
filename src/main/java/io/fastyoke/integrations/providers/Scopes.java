package io.fastyoke.integrations.providers;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;

/** Looks for a permission in SendGrid's list: {@code {"scopes": ["mail.send", …]}}. */
final class Scopes {
  private static final JsonFactory JSON = new JsonFactory();

  private Scopes() {}

  /** Also of use when the list was cut or is not JSON at all: what cannot be read is not there. */
  static boolean hold(byte[] body, String scope) {
    try (JsonParser json = JSON.createParser(body)) {
      String list = "";
      for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
        if (token == JsonToken.FIELD_NAME) {
          list = json.currentName();
        } else if (token == JsonToken.VALUE_STRING
            && list.equals("scopes")
            && json.getText().equals(scope)) {
          return true;
        }
      }
      return false;
    } catch (IOException e) {
      return false;
    }
  }
}
