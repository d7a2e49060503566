package io.fastyoke.integrations.http;

import io.quarkus.runtime.configuration.MemorySize;
import jakarta.inject.Singleton;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What the requests that are being answered take of the heap once they are read, estimated from
 * their bodies: many brackets make a tree that is many times as large as its text.
 */
@Singleton
class RequestHeap {
  /** The text of the values, and the text that is written of them again. */
  private static final int HEAP_PER_BYTE = 2;

  /** An object or an array takes that much, however little is in it. */
  private static final int HEAP_PER_BRACKET = 80;

  private static final int PART_OF_HEAP = 4;

  private final long most;
  private final AtomicLong taken = new AtomicLong();

  RequestHeap(HttpSettings settings) {
    this.most =
        settings
            .requestsMaxHeap()
            .map(MemorySize::asLongValue)
            .orElseGet(() -> Runtime.getRuntime().maxMemory() / PART_OF_HEAP);
  }

  /** What one request takes. */
  final class Share {
    private final AtomicLong own = new AtomicLong();

    /** Takes what the next bytes of the body will need; false when there is no room for it. */
    boolean take(ByteBuffer json) {
      long takes = (long) json.remaining() * HEAP_PER_BYTE;
      for (int i = json.position(); i < json.limit(); i++) {
        byte character = json.get(i);
        takes += character == '{' || character == '[' ? HEAP_PER_BRACKET : 0;
      }
      long mine = own.addAndGet(takes);
      long all = taken.addAndGet(takes);
      // Whoever is alone is let in, however large.
      return all <= most || all <= mine;
    }

    /** The request is answered. */
    void letGo() {
      taken.addAndGet(-own.getAndSet(0));
    }
  }
}
