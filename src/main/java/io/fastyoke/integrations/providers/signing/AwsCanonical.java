package io.fastyoke.integrations.providers.signing;

import io.fastyoke.integrations.templating.PercentEncoding;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The parts of a request in the one form that both sides of Signature Version 4 sign. */
final class AwsCanonical {
  private AwsCanonical() {}

  /**
   * @param twice whether the encoded path is encoded again, as all services but S3 do
   */
  static String path(URI target, boolean twice) {
    String path = target.getRawPath();
    if (path == null || path.isEmpty()) {
      return "/";
    }
    return twice ? encoded(path, "/") : path;
  }

  /** Sorted by name, then by value; a name without a value has an empty one. */
  static String query(@Nullable String raw) {
    if (raw == null || raw.isEmpty()) {
      return "";
    }
    List<String[]> parameters = new ArrayList<>();
    for (String parameter : raw.split("&", -1)) {
      if (!parameter.isEmpty()) {
        int equals = parameter.indexOf('=');
        String name = equals < 0 ? parameter : parameter.substring(0, equals);
        String value = equals < 0 ? "" : parameter.substring(equals + 1);
        parameters.add(new String[] {again(name), again(value)});
      }
    }
    parameters.sort(
        Comparator.comparing((String[] pair) -> pair[0]).thenComparing(pair -> pair[1]));
    StringBuilder out = new StringBuilder();
    for (String[] pair : parameters) {
      out.append(out.isEmpty() ? "" : "&").append(pair[0]).append('=').append(pair[1]);
    }
    return out.toString();
  }

  /** Names in lower case, values without white space around and with single spaces within. */
  static String headers(Map<String, List<String>> signed) {
    StringBuilder out = new StringBuilder();
    signed.forEach(
        (name, values) -> {
          List<String> folded =
              values.stream().map(value -> value.strip().replaceAll("\\s+", " ")).toList();
          out.append(name).append(':').append(String.join(",", folded)).append('\n');
        });
    return out.toString();
  }

  /** In the one encoding, whatever the encoding was; + is a space, as receivers read it. */
  private static String again(String encoded) {
    return encoded(URLDecoder.decode(encoded, StandardCharsets.UTF_8), "");
  }

  private static String encoded(String text, String kept) {
    StringBuilder out = new StringBuilder();
    PercentEncoding.append(out, text.getBytes(StandardCharsets.UTF_8), kept);
    return out.toString();
  }
}
