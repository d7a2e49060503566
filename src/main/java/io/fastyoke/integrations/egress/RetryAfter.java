package io.fastyoke.integrations.egress;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads how long a receiver asks to wait before the next request. A point in time is counted from
 * the {@code Date} of the same answer: the two are of one clock, which need not be ours.
 */
public final class RetryAfter {
  private static final Duration MAX_WAIT = Duration.ofDays(1);
  private static final Pattern SECONDS = Pattern.compile("[0-9]{1,64}");
  private static final int DIGITS_OF_ANY_TIME = 18;

  private RetryAfter() {}

  /** {@code Retry-After}: seconds or a date (RFC 9110, section 10.2.3); the first that is valid. */
  public static Optional<Duration> standard(Exchange.Answered answer, Instant now) {
    return values(answer, "Retry-After")
        .flatMap(
            value ->
                SECONDS.matcher(value).matches()
                    ? Stream.of(upToADay(number(value)))
                    : date(value, now).map(at -> between(sentAt(answer, now), at)).stream())
        .findFirst();
  }

  /** A header that holds the time of the end as seconds since 1970. */
  public static Optional<Duration> epochSeconds(
      Exchange.Answered answer, String header, Instant now) {
    return values(answer, header)
        .filter(value -> SECONDS.matcher(value).matches())
        .map(value -> upToADay(number(value) - sentAt(answer, now).getEpochSecond()))
        .findFirst();
  }

  /** By the receiver's clock, or by ours when it does not say. */
  private static Instant sentAt(Exchange.Answered answer, Instant now) {
    return values(answer, "Date")
        .flatMap(value -> date(value, now).stream())
        .findFirst()
        .orElse(now);
  }

  private static Stream<String> values(Exchange.Answered answer, String name) {
    return answer.headers().stream()
        .filter(header -> header.getKey().equalsIgnoreCase(name))
        .map(header -> header.getValue().strip());
  }

  private static long number(String digits) {
    String significant = digits.replaceFirst("^0+(?=.)", "");
    return significant.length() > DIGITS_OF_ANY_TIME
        ? Long.MAX_VALUE / 2
        : Long.parseLong(significant);
  }

  private static Duration upToADay(long seconds) {
    return Duration.ofSeconds(Math.max(0, Math.min(seconds, MAX_WAIT.toSeconds())));
  }

  private static Duration between(Instant now, Instant at) {
    Duration wait = Duration.between(now, at);
    return wait.isNegative() ? Duration.ZERO : wait.compareTo(MAX_WAIT) > 0 ? MAX_WAIT : wait;
  }

  /** The three forms of RFC 9110, section 5.6.7. */
  private static Optional<Instant> date(String value, Instant now) {
    for (DateTimeFormatter format : formats(now)) {
      Instant at = parse(format, value);
      if (at != null) {
        return Optional.of(at);
      }
    }
    return Optional.empty();
  }

  private static @Nullable Instant parse(DateTimeFormatter format, String value) {
    try {
      return LocalDateTime.parse(value, format).toInstant(ZoneOffset.UTC);
    } catch (DateTimeException e) {
      return null;
    }
  }

  private static List<DateTimeFormatter> formats(Instant now) {
    // A two-digit year is never more than fifty years ahead.
    int pivot = now.atZone(ZoneOffset.UTC).getYear() - 49;
    DateTimeFormatter rfc850 =
        new DateTimeFormatterBuilder()
            .appendPattern("EEEE, dd-MMM-")
            .appendValueReduced(ChronoField.YEAR, 2, 2, pivot)
            .appendPattern(" HH:mm:ss 'GMT'")
            .toFormatter(Locale.ENGLISH);
    return List.of(
        DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH),
        rfc850,
        DateTimeFormatter.ofPattern("EEE MMM ppd HH:mm:ss yyyy", Locale.ENGLISH));
  }
}
