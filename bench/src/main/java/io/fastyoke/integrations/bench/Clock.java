package io.fastyoke.integrations.bench;

import java.time.Instant;

/** The machine's clock in nanoseconds since 1970, which the processes of a run share. */
final class Clock {
  private Clock() {}

  static long now() {
    Instant now = Instant.now();
    return now.getEpochSecond() * 1_000_000_000L + now.getNano();
  }
}
