package io.fastyoke.integrations.contract;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLEncoder;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** The forms in which a secret may be found again. */
final class Encodings {
  private Encodings() {}

  /** In which a host may say a secret back. */
  static List<String> echoes(String secret) {
    String json = secret.replace("\\", "\\\\").replace("\"", "\\\"");
    List<String> forms =
        new ArrayList<>(List.of(secret, urlEncoded(secret), percent(secret), json));
    forms.add(json.replace("/", "\\/"));
    forms.add(percent(percent(secret)));
    forms.add(lowerCased(percent(secret)));
    forms.addAll(List.of(html(secret, false), html(secret, true), html(json, false)));
    String hex = HexFormat.of().formatHex(secret.getBytes(UTF_8));
    forms.addAll(List.of(hex, hex.toUpperCase(Locale.ROOT)));
    for (int offset = 0; offset < 3; offset++) {
      forms.add(base64("x".repeat(offset) + secret));
      forms.add(base64("x".repeat(offset) + secret + " and more"));
    }
    return forms;
  }

  /** In which it may be found; COPY doubles backslashes, and CSV doubles quotes. */
  static List<String> traces(String secret) {
    List<String> forms = echoes(secret);
    forms.add(secret.replace("\\", "\\\\"));
    forms.add(secret.replace("\"", "\"\""));
    for (int offset = 0; offset < 3; offset++) {
      forms.add(insideOfBase64(secret, offset));
    }
    return forms;
  }

  /** What is the same whatever stands around it, of a text that begins at this offset. */
  private static String insideOfBase64(String secret, int offset) {
    String encoded = base64("x".repeat(offset) + secret);
    int first = offset == 0 ? 0 : 4;
    int last = (offset + secret.length()) / 3 * 4;
    return encoded.substring(first, last);
  }

  static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
  }

  static String urlEncoded(String text) {
    return URLEncoder.encode(text, UTF_8);
  }

  private static String percent(String text) {
    return urlEncoded(text).replace("+", "%20");
  }

  /** With the digits of its escapes in lower case. */
  private static String lowerCased(String percent) {
    return Pattern.compile("%..")
        .matcher(percent)
        .replaceAll(escape -> escape.group().toLowerCase(Locale.ROOT));
  }

  private static String html(String text, boolean numeric) {
    StringBuilder out = new StringBuilder();
    for (char c : text.toCharArray()) {
      String name =
          switch (c) {
            case '&' -> "&amp;";
            case '<' -> "&lt;";
            case '>' -> "&gt;";
            case '"' -> "&quot;";
            case '\'' -> "&#39;";
            default -> String.valueOf(c);
          };
      out.append(numeric && name.length() > 1 ? "&#x" + Integer.toHexString(c) + ";" : name);
    }
    return out.toString();
  }
}
