package io.fastyoke.integrations.egress;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetryAfterTest {
  // The moment of the examples in RFC 9110, section 5.6.7, less one minute.
  private static final Instant NOW = Instant.parse("1994-11-06T08:48:37Z");

  private static Exchange.Answered answer(int status, String body, String... header) {
    List<Map.Entry<String, String>> headers =
        IntStream.range(0, header.length / 2)
            .mapToObj(i -> Map.entry(header[2 * i], header[2 * i + 1]))
            .toList();
    return new Exchange.Answered(status, headers, body.getBytes(UTF_8), false, Duration.ZERO);
  }

  private static Optional<Duration> read(String value) {
    return RetryAfter.standard(answer(503, "", "retry-after", value), NOW);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0|PT0S",
        "120|PT2M",
        "007|PT7S",
        " 5 |PT5S",
        "86400|PT24H",
        "86401|PT24H",
        "99999999999999999999999999|PT24H",
        "00000000000000000000000001|PT1S",
        "Sun, 06 Nov 1994 08:49:37 GMT|PT1M",
        "Sunday, 06-Nov-94 08:49:37 GMT|PT1M",
        "Sun Nov  6 08:49:37 1994|PT1M",
        "Sun, 06 Nov 1994 08:00:00 GMT|PT0S",
        "Fri, 31 Dec 9999 23:59:59 GMT|PT24H"
      })
  void understands(String value, Duration wait) {
    assertThat(read(value)).contains(wait);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "-1",
        "1.5",
        "+5",
        "soon",
        "1e3",
        "0x10",
        "٣",
        "Mon, 06 Nov 1994 08:49:37 GMT",
        "Sun, 06 Nov 1994 25:49:37 GMT",
        "Sun, 06 Nov 1994 08:49:37 CET",
        "1994-11-06T08:49:37Z"
      })
  void ignores(String value) {
    assertThat(read(value)).isEmpty();
  }

  @Test
  void readsTwoDigitYearsAtMostFiftyYearsAhead() {
    Instant now = Instant.parse("2026-11-23T10:00:00Z");
    // 94 is 1994 by then and long gone.
    assertThat(
            RetryAfter.standard(
                answer(503, "", "Retry-After", "Sunday, 06-Nov-94 08:49:37 GMT"), now))
        .contains(Duration.ZERO);
  }

  /** Ours may be wrong, or the receiver's; what it means is the time between the two it names. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Sun, 06 Nov 1994 08:48:37 GMT|PT1M",
        "Sun, 06 Nov 1994 07:49:27 GMT|PT1H10S",
        "Sun, 06 Nov 1994 09:49:37 GMT|PT0S",
        "yesterday|PT1M"
      })
  void countsFromTheReceiversOwnTime(String date, Duration wait) {
    Exchange.Answered answer =
        answer(503, "", "date", date, "retry-after", "Sun, 06 Nov 1994 08:49:37 GMT");
    assertThat(RetryAfter.standard(answer, NOW)).contains(wait);
    String end = Long.toString(NOW.plusSeconds(60).getEpochSecond());
    Exchange.Answered window = answer(429, "", "date", date, "x-reset", end);
    assertThat(RetryAfter.epochSeconds(window, "x-reset", NOW)).contains(wait);
  }

  @Test
  void readsTheEndOfAWindow() {
    long now = NOW.getEpochSecond();
    assertThat(reset(Long.toString(now + 10))).contains(Duration.ofSeconds(10));
    assertThat(reset(Long.toString(now - 10))).contains(Duration.ZERO);
    assertThat(reset("9".repeat(40))).contains(Duration.ofDays(1));
    assertThat(reset("-5")).isEmpty();
    assertThat(reset("soon")).isEmpty();
  }

  private static Optional<Duration> reset(String value) {
    return RetryAfter.epochSeconds(answer(429, "", "X-Reset", value), "x-reset", NOW);
  }
}
