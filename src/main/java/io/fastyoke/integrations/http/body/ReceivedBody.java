package io.fastyoke.integrations.http.body;

import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * A request body in memory. It may hold credentials, so every copy is wiped: the old buffer when it
 * grows, and the last one once it has been read.
 */
final class ReceivedBody extends ByteArrayInputStream {
  private static final int FIRST_BYTES = 2_048;

  private final RequestMemoryBudget.Reservation memory;
  private final int maxBytes;

  /**
   * @param memory pays for the buffer
   * @param maxBytes the largest body; the caller checks it
   */
  ReceivedBody(RequestMemoryBudget.Reservation memory, int maxBytes) {
    super(new byte[0]);
    this.memory = memory;
    this.maxBytes = maxBytes;
  }

  /** Appends a part; false when the memory budget is spent. */
  boolean add(ByteBuffer part) {
    int length = count + part.remaining();
    if (length > buf.length && !grow(length)) {
      return false;
    }
    part.get(buf, count, part.remaining());
    count = length;
    return true;
  }

  private boolean grow(int needed) {
    int doubled = Math.min(Math.max(FIRST_BYTES, 2 * buf.length), maxBytes);
    int capacity = Math.max(needed, doubled);
    if (!memory.reserveBuffer(capacity - buf.length)) {
      capacity = needed;
      if (!memory.reserveBuffer(capacity - buf.length)) {
        return false;
      }
    }
    byte[] old = buf;
    buf = Arrays.copyOf(old, capacity);
    Arrays.fill(old, (byte) 0);
    return true;
  }

  /** The buffer itself, not a copy; the body is its first {@link #size()} bytes. */
  byte[] bytes() {
    return buf;
  }

  int size() {
    return count;
  }

  /** Wipes the buffer and releases its memory; a second call does nothing. */
  void discard() {
    Arrays.fill(buf, 0, count, (byte) 0);
    memory.releaseBuffer();
    buf = new byte[0];
    pos = 0;
    count = 0;
  }
}
