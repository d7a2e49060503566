package io.fastyoke.integrations.providers;

import io.fastyoke.integrations.redaction.Redactor;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The path of a base URL, which is a secret: the webhook addresses of chat tools are credentials.
 * Shown in its place is {@value #SHOWN}.
 */
final class BasePath {
  static final String SHOWN = "/\u2026";

  /** Of longer paths, the rest is found as a part of the whole. */
  private static final int MAX_SEGMENTS = 16;

  /**
   * What a segment looks like that gives nothing away on its own: words, with a number or two, in
   * lower case or each with a capital, versions and dates.
   */
  private static final Pattern ORDINARY =
      Pattern.compile(
          "v?[0-9]{1,3}(?:\\.[0-9]{1,3})*"
              + "|[0-9]{4}-[0-9]{2}-[0-9]{2}"
              + "|[a-z]{1,14}[0-9]{0,2}(?:[-_.][a-z]{1,14}[0-9]{0,2})*"
              + "|(?:[a-z]{2,14})?(?:[A-Z][a-z]{2,13})+");

  private BasePath() {}

  /**
   * The target of a request without the base's own path.
   *
   * @param target the base with an action's path behind it, as {@link BaseUrl#join} makes it
   */
  static String shown(String base, URI target) {
    String path = path(base);
    String text = target.toString();
    if (path.isEmpty()) {
      return text;
    }
    int end = text.indexOf('/', text.indexOf("//") + 2);
    return text.substring(0, end) + SHOWN + text.substring(end + path.length());
  }

  /** The path, each end of it, and what in it is unlike a word; as they are and decoded. */
  static List<byte[]> secrets(String base) {
    String path = path(base);
    Set<String> parts = new LinkedHashSet<>();
    if (!path.isEmpty()) {
      parts.add(path);
      String[] segments = path.substring(1).split("/", MAX_SEGMENTS);
      int at = 0;
      for (int i = 0; i < segments.length; i++) {
        if (i < segments.length - 1) {
          parts.add(path.substring(at));
        }
        if (isDistinctive(segments[i])) {
          parts.add(segments[i]);
        }
        at += 1 + segments[i].length();
      }
    }
    List<byte[]> secrets = new ArrayList<>();
    for (String part : parts) {
      secrets.add(part.getBytes(StandardCharsets.UTF_8));
      if (part.indexOf('%') >= 0) {
        secrets.add(decoded(part));
      }
    }
    return secrets;
  }

  private static boolean isDistinctive(String segment) {
    return segment.length() >= Redactor.MIN_LENGTH && !ORDINARY.matcher(segment).matches();
  }

  /** Without a slash at its end; empty when there is nothing else. */
  private static String path(String base) {
    String path = URI.create(base).getRawPath();
    if (path == null) {
      return "";
    }
    return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
  }

  private static byte[] decoded(String text) {
    return URI.create(text).getPath().getBytes(StandardCharsets.UTF_8);
  }
}
