package io.fastyoke.integrations.database;

import java.time.Instant;
import java.time.temporal.ChronoField;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Time-ordered identifiers.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9562#section-5.7">RFC 9562, 5.7: UUID version
 *     7</a>
 */
public final class TimeOrderedIds {
  private static final long VERSION_7 = 0x7000L;
  private static final long VARIANT = 0x8000_0000_0000_0000L;

  /**
   * Milliseconds and a 12-bit fraction of the newest id, so that the ids of one process increase
   * strictly (6.2, method 3).
   */
  private static final AtomicLong NEWEST = new AtomicLong();

  private TimeOrderedIds() {}

  /** A new identifier, greater than all earlier ones of this process. Unique, but guessable. */
  public static UUID next(Instant now) {
    long fraction = (now.get(ChronoField.NANO_OF_SECOND) % 1_000_000) * 4096L / 1_000_000;
    long moment = (now.toEpochMilli() << 12) | fraction;
    long tick = NEWEST.updateAndGet(newest -> Math.max(newest + 1, moment));
    long random = ThreadLocalRandom.current().nextLong() >>> 2;
    return new UUID(((tick >>> 12) << 16) | VERSION_7 | (tick & 0xFFF), VARIANT | random);
  }

  /**
   * The smallest identifier of a moment, for range queries. A moment before 1970 counts as 1970.
   */
  public static UUID floor(Instant moment) {
    return new UUID(Math.max(0, moment.toEpochMilli()) << 16, 0);
  }
}
