package io.fastyoke.integrations.queue.batching;

import java.util.concurrent.TimeUnit;

/**
 * Keeps groups a little apart while there is something to group. A transaction costs the database
 * about the same for one item as for ten, so at half load, where groups are small, both cores are
 * busy with transactions that a short wait would have saved (docs/performance.md). No item waits
 * behind one that was written alone.
 */
final class Linger {
  /** From the begin of one group to that of the next. */
  private static final long MIN_INTERVAL = TimeUnit.MICROSECONDS.toNanos(3_500);

  /** No item is held back longer, however fast the database is. */
  private static final long MAX_HOLD = TimeUnit.MILLISECONDS.toNanos(2);

  private boolean holds;
  private long begun;

  /** A group begins. */
  void begin(int size, long nanos) {
    holds = size > 1;
    begun = nanos;
  }

  /** How many nanoseconds the next group should wait, now that it could begin. */
  long hold(long nanos) {
    return holds ? Math.max(0, Math.min(begun + MIN_INTERVAL - nanos, MAX_HOLD)) : 0;
  }

  /** The group has waited. */
  void held() {
    holds = false;
  }
}
