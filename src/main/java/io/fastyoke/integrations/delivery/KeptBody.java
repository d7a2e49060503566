package io.fastyoke.integrations.delivery;

import io.fastyoke.integrations.egress.Exchange.Answered;
import io.fastyoke.integrations.redaction.Redactor;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What is kept of the body of a failure, as a text: unpacked, decoded, without secrets, and only
 * then cut. What is no text is kept as a {@code data:} URL (RFC 2397). What cannot be searched for
 * secrets is not kept.
 *
 * @param text what is kept
 * @param cut whether something of the body is missing at its end
 */
record KeptBody(String text, boolean cut) {
  static final int MAX_BYTES = 64 * 1024;

  /** So many bytes are 64 KiB of base64. */
  private static final int MAX_BINARY = MAX_BYTES / 4 * 3;

  private static final Pattern MEDIA_TYPE =
      Pattern.compile("\\s*([A-Za-z0-9!#$&^_.+-]{1,64}/[A-Za-z0-9!#$&^_.+-]{1,64})\\s*(?:;.*)?");
  private static final Pattern CHARSET =
      Pattern.compile(";\\s*charset\\s*=\\s*\"?([^\";\\s]+)", Pattern.CASE_INSENSITIVE);

  /** Servers that send these without saying so are not rare on older systems. */
  private static final List<String> EBCDIC = List.of("IBM037", "IBM500", "IBM1047");

  /** Texts that only look like ASCII, and are not known here. */
  private static final Set<String> NEVER =
      Set.of("utf-7", "unicode-1-1-utf-7", "hz-gb-2312", "scsu", "bocu-1", "utf-ebcdic");

  static KeptBody of(Answered answered, Redactor redactor) {
    Unpacked unpacked = Unpacked.of(answered);
    String type = header(answered, "content-type");
    String charset = charset(type);
    if (unpacked == null || (charset != null && NEVER.contains(charset))) {
      return nothing("it is packed or encoded in a way that cannot be searched for secrets");
    }
    byte[] bytes = unpacked.bytes();
    String text = Charsets.text(bytes, unpacked.cut(), charset, isText(type));
    byte[] utf8 = text == null ? bytes : text.getBytes(StandardCharsets.UTF_8);
    byte[] redacted = redactor.redact(utf8, unpacked.cut());
    // What is not what it says that it is can hide a secret that its bytes show.
    boolean hides = redacted == utf8 && text != null && holds(bytes, utf8, redactor);
    if (hides || (text == null && holdsAny(unpacked, redacted, redactor))) {
      return nothing("it is no text that can be read, and it holds a secret");
    }
    return text == null ? binary(bytes, type, unpacked.cut()) : cut(redacted, unpacked.cut());
  }

  private static KeptBody nothing(String reason) {
    return new KeptBody("[not kept: " + reason + "]", true);
  }

  private static @Nullable String charset(@Nullable String type) {
    Matcher named = CHARSET.matcher(type == null ? "" : type);
    return named.find() ? named.group(1).toLowerCase(Locale.ROOT) : null;
  }

  private static boolean holds(byte[] bytes, byte[] utf8, Redactor redactor) {
    return !Arrays.equals(bytes, utf8) && redactor.redact(bytes, false) != bytes;
  }

  private static boolean holdsAny(Unpacked body, byte[] redacted, Redactor redactor) {
    byte[] inner = body.inflated();
    return redacted != body.bytes()
        || redactor.redact(inner, true) != inner
        || EBCDIC.stream().anyMatch(name -> holds(body.bytes(), name, redactor));
  }

  /** A character that the cut would split is left out. */
  private static KeptBody cut(byte[] utf8, boolean cut) {
    int end = Math.min(utf8.length, MAX_BYTES);
    while (end < utf8.length && end > 0 && (utf8[end] & 0xC0) == 0x80) {
      end--;
    }
    String text = new String(utf8, 0, end, StandardCharsets.UTF_8);
    return new KeptBody(text, cut || end < utf8.length);
  }

  private static KeptBody binary(byte[] bytes, @Nullable String type, boolean cut) {
    Matcher media = MEDIA_TYPE.matcher(type == null ? "" : type);
    String name =
        media.matches() ? media.group(1).toLowerCase(Locale.ROOT) : "application/octet-stream";
    int limit = MAX_BINARY - 128;
    byte[] kept = bytes.length > limit ? Arrays.copyOf(bytes, limit) : bytes;
    return new KeptBody(
        "data:" + name + ";base64," + Base64.getEncoder().encodeToString(kept),
        cut || kept.length < bytes.length);
  }

  private static boolean holds(byte[] bytes, String charset, Redactor redactor) {
    if (!Charset.isSupported(charset)) {
      return false;
    }
    byte[] text = new String(bytes, Charset.forName(charset)).getBytes(StandardCharsets.UTF_8);
    return redactor.redact(text, false) != text;
  }

  private static boolean isText(@Nullable String type) {
    String lower = type == null ? "text/" : type.toLowerCase(Locale.ROOT);
    return lower.contains("text/")
        || lower.contains("json")
        || lower.contains("xml")
        || lower.contains("javascript")
        || lower.contains("urlencoded");
  }

  static @Nullable String header(Answered answered, String name) {
    for (Map.Entry<String, String> header : answered.headers()) {
      if (header.getKey().equalsIgnoreCase(name)) {
        return header.getValue();
      }
    }
    return null;
  }
}
