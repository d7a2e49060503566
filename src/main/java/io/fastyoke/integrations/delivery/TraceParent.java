package io.fastyoke.integrations.delivery;

import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import java.util.HexFormat;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The {@code traceparent} header (W3C Trace Context, section 3.2): what fired a run, and what every
 * attempt of it says to its receiver.
 */
public final class TraceParent {
  public static final String HEADER = "traceparent";

  /** Later versions may add fields behind those of version 00. */
  private static final Pattern FORM =
      Pattern.compile("(?!ff)([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?");

  private static final int SAMPLED = 1;

  private TraceParent() {}

  /** What is kept of a header: the value in the form of version 00, or null when it is none. */
  public static @Nullable String read(@Nullable String header) {
    Matcher parts = FORM.matcher(header == null ? "" : header.strip());
    if (!parts.matches()
        || (parts.group(1).equals("00") && parts.group(5) != null)
        || isZero(parts.group(2))
        || isZero(parts.group(3))) {
      return null;
    }
    return written(parts.group(2), parts.group(3), parts.group(4));
  }

  /** The same trace with a span of its own, for one attempt. */
  static @Nullable String child(@Nullable String parent) {
    Matcher parts = FORM.matcher(parent == null ? "" : parent);
    if (!parts.matches()) {
      return null;
    }
    long span = ThreadLocalRandom.current().nextLong(1, Long.MAX_VALUE);
    return written(parts.group(2), HexFormat.of().toHexDigits(span), parts.group(4));
  }

  /** The header for a span of this service. */
  public static String of(SpanContext span) {
    return written(span.getTraceId(), span.getSpanId(), span.getTraceFlags().asHex());
  }

  /** What a stored value names; invalid for null. */
  public static SpanContext context(@Nullable String parent) {
    Matcher parts = FORM.matcher(parent == null ? "" : parent);
    return parts.matches()
        ? SpanContext.createFromRemoteParent(
            parts.group(2),
            parts.group(3),
            TraceFlags.fromHex(parts.group(4), 0),
            TraceState.getDefault())
        : SpanContext.getInvalid();
  }

  private static String written(String trace, String span, String flags) {
    int known = Integer.parseInt(flags, 16) & SAMPLED;
    return String.format(Locale.ROOT, "00-%s-%s-%02x", trace, span, known);
  }

  private static boolean isZero(String digits) {
    return digits.chars().allMatch(c -> c == '0');
  }
}
