package io.fastyoke.integrations.http;

import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * A request body in memory. It may hold credentials, so no copy of it is left behind: neither when
 * it grows nor when it has been read.
 */
final class ReceivedBody extends ByteArrayInputStream {
  private static final int FIRST_BYTES = 2_048;

  private final BodyBudget budget;
  private final int most;

  /**
   * @param most bytes that a body may have, which the caller sees to
   */
  ReceivedBody(BodyBudget budget, int most) {
    super(new byte[0]);
    this.budget = budget;
    this.most = most;
  }

  /** Takes what is left in the part; false when the budget of all bodies is spent. */
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
    int doubled = Math.min(Math.max(FIRST_BYTES, 2 * buf.length), most);
    int roomy = Math.max(needed, doubled);
    if (!budget.take(roomy - buf.length)) {
      roomy = needed;
      if (!budget.take(roomy - buf.length)) {
        return false;
      }
    }
    byte[] old = buf;
    buf = Arrays.copyOf(old, roomy);
    Arrays.fill(old, (byte) 0);
    return true;
  }

  /** The bytes themselves, from the first on; how many is {@link #size()}. */
  byte[] bytes() {
    return buf;
  }

  int size() {
    return count;
  }

  /** Wipes it and gives its memory back; may be done again. */
  void discard() {
    Arrays.fill(buf, 0, count, (byte) 0);
    budget.giveBack(buf.length);
    buf = new byte[0];
    pos = 0;
    count = 0;
  }
}
