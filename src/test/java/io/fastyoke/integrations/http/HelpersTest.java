package io.fastyoke.integrations.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fastyoke.integrations.errors.ApiException;
import io.fastyoke.integrations.errors.ErrorCode;
import java.net.URI;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HelpersTest {
  private static final UUID ID = UUID.fromString("018f0000-1111-7222-8333-444444444444");

  @Test
  void aCursorReadsWhatItWrites() {
    String text = new Cursor(ID).encode();
    assertThat(text).matches("[A-Za-z0-9_-]{22}");
    assertThat(Cursor.parse(text).after()).isEqualTo(ID);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", "AAAA", "018f0000-1111-7222-8333-444444444444", "%%%"})
  void aForeignCursorIsRefused(String text) {
    assertProblem(() -> Cursor.parse(text), "cursor");
  }

  @Test
  void thePageHasALimit() {
    assertThat(PageRequest.of(null, null)).isEqualTo(new PageRequest(50, null));
    assertThat(PageRequest.of("1", null).limit()).isEqualTo(1);
    assertThat(PageRequest.of("200", null).limit()).isEqualTo(200);
    assertThat(PageRequest.of("7", new Cursor(ID).encode()).cursor()).isEqualTo(new Cursor(ID));
    for (String wrong : new String[] {"0", "201", "-1", "", "x", "1.5", "99999999999"}) {
      assertProblem(() -> PageRequest.of(wrong, null), "limit");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "/a, /a?cursor=",
    "/a?limit=7, /a?limit=7&cursor=",
    "/a?cursor=AAAA&limit=7&x=%26%20, /a?limit=7&x=%26%20&cursor=",
    "/a?x=1&&cursor, /a?x=1&cursor=",
    "/a?cursors=1, /a?cursors=1&cursor=",
  })
  void theLinkKeepsTheOtherParameters(String uri, String expected) {
    assertThat(PageRequest.nextAfter(URI.create(uri), new Cursor(ID)))
        .isEqualTo("<" + expected + new Cursor(ID).encode() + ">; rel=\"next\"");
  }

  @Test
  void timesAreWrittenInMillisecondsOfUtc() {
    assertThat(Timestamps.format(Instant.parse("2026-11-23T00:00:00Z")))
        .isEqualTo("2026-11-23T00:00:00.000Z");
    assertThat(Timestamps.format(Instant.parse("2026-11-23T00:00:00.123999Z")))
        .isEqualTo("2026-11-23T00:00:00.123Z");
  }

  @Test
  void timesOfQueriesAreRfc3339() {
    Instant expected = Instant.parse("2026-11-23T00:00:00Z");
    assertThat(QueryParams.instant("since", null)).isNull();
    assertThat(QueryParams.instant("since", "2026-11-23T00:00:00Z")).isEqualTo(expected);
    assertThat(QueryParams.instant("since", "2026-11-23T01:00:00.000+01:00")).isEqualTo(expected);
    assertThat(QueryParams.instant("since", "2026-11-23T01:00:00 01:00")).isEqualTo(expected);
    for (String wrong :
        new String[] {
          "",
          "2026-11-23",
          "2026-11-23T00:00:00",
          "now",
          "1",
          "+12026-11-23T00:00:00Z",
          "-0001-11-23T00:00:00Z",
          "2026-02-30T00:00:00Z"
        }) {
      assertProblem(() -> QueryParams.instant("since", wrong), "since");
    }
  }

  @Test
  void constantsAndIdsOfQueries() {
    assertThat(QueryParams.oneOf("unit", TimeUnit.class, null)).isNull();
    assertThat(QueryParams.oneOf("unit", TimeUnit.class, "days")).isEqualTo(TimeUnit.DAYS);
    assertProblem(() -> QueryParams.oneOf("unit", TimeUnit.class, "DAYS"), "unit");
    assertThat(QueryParams.uuid("id", ID.toString())).isEqualTo(ID);
    assertProblem(() -> QueryParams.uuid("id", "1-1-1-1-1"), "id");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"3\" | true",
        "* | true",
        " * | true",
        "\"2\", \"3\" | true",
        "\"a,b\",\"3\" | true",
        ",\"3\" | true",
        "\"2\" | false",
        "W/\"3\" | false",
        "3 | false",
        "\"3 | false",
        "\"33\" | false",
        "\"2\" \"3\" | false",
        "`` | false",
      })
  void ifMatchComparesStrongly(String header, boolean matches) {
    assertThat(ETags.matches(header, 3)).isEqualTo(matches);
  }

  @Test
  void anAbsentIfMatchAllowsEverything() {
    assertThat(ETags.matches(null, 3)).isTrue();
    assertThat(ETags.of(3)).isEqualTo("\"3\"");
  }

  /** In time that grows with the header only: this would take minutes in that of its square. */
  @ParameterizedTest
  @ValueSource(strings = {",", "\"3\" , ", "\"1\",\t", "W/"})
  @Timeout(value = 5, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void aLongIfMatchIsReadOnce(String start) {
    String blanks = " ".repeat(300_000);
    assertThat(ETags.matches(start + blanks + "x", 9)).isFalse();
    assertThat(ETags.matches(start + "\"" + "a".repeat(300_000), 9)).isFalse();
  }

  @Test
  void bucketsRefillEvenly() {
    AtomicLong nanos = new AtomicLong();
    TokenBuckets buckets = new TokenBuckets(2, nanos::get);
    assertThat(new boolean[] {buckets.take("a"), buckets.take("a"), buckets.take("a")})
        .containsExactly(true, true, false);
    assertThat(buckets.take("b")).isTrue();
    nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(499));
    assertThat(buckets.take("a")).isFalse();
    nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(1));
    assertThat(buckets.take("a")).isTrue();
    assertThat(buckets.take("a")).isFalse();
    nanos.addAndGet(TimeUnit.HOURS.toNanos(1));
    assertThat(new boolean[] {buckets.take("a"), buckets.take("a"), buckets.take("a")})
        .containsExactly(true, true, false);
  }

  @Test
  void bucketsAtRestAreForgotten() {
    AtomicLong nanos = new AtomicLong();
    TokenBuckets buckets = new TokenBuckets(2, nanos::get);
    for (int i = 0; i < 10_000; i++) {
      buckets.take("t" + i);
    }
    nanos.addAndGet(TimeUnit.SECONDS.toNanos(1));
    buckets.take("next");
    assertThat(buckets.size()).isEqualTo(1);
  }

  private static void assertProblem(Runnable reading, String field) {
    assertThatThrownBy(reading::run)
        .isInstanceOfSatisfying(
            ApiException.class,
            e -> {
              assertThat(e.status()).isEqualTo(400);
              assertThat(e.code()).isEqualTo(ErrorCode.VALIDATION_FAILED);
              assertThat(e.details().toString()).contains("field=" + field);
            });
  }
}
