package io.fastyoke.integrations.http.body;

import io.quarkus.runtime.configuration.MemorySize;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The memory budget of all requests on this replica. A request has one {@link Reservation}, opened
 * before its body is read and closed when it is answered. It counts two things, each with a limit:
 *
 * <ul>
 *   <li><b>buffers</b>: bytes allocated for the body, until the JSON is parsed;
 *   <li><b>heap</b>: an estimate of the parsed request, until the answer is sent. Many brackets
 *       make a tree that is many times as large as its text. A request that is alone may exceed
 *       this limit: otherwise it could never be served.
 * </ul>
 *
 * <p>Thread-safe. A request that gets no memory is answered with 503.
 */
@Singleton
class RequestMemoryBudget {
  /** Heap per byte of JSON: the parsed value, and its text when it is written again. */
  private static final int HEAP_PER_BYTE = 2;

  /** Heap per object or array, in bytes, even if empty. */
  private static final int HEAP_PER_BRACKET = 80;

  private static final int BUFFERS_PART_OF_HEAP = 16;
  private static final int REQUESTS_PART_OF_HEAP = 4;

  private final long maxBuffers;
  private final long maxHeap;
  private final AtomicLong buffers = new AtomicLong();
  private final AtomicLong heap = new AtomicLong();

  @Inject
  RequestMemoryBudget(BodySettings settings) {
    this(
        settings
            .requestBodiesMaxBytes()
            .map(MemorySize::asLongValue)
            .orElseGet(
                () ->
                    Math.max(
                        settings.requestMaxBytes().asLongValue(),
                        Runtime.getRuntime().maxMemory() / BUFFERS_PART_OF_HEAP)),
        settings
            .requestsMaxHeap()
            .map(MemorySize::asLongValue)
            .orElseGet(() -> Runtime.getRuntime().maxMemory() / REQUESTS_PART_OF_HEAP));
  }

  /**
   * @param maxBuffers limit of all buffers, in bytes
   * @param maxHeap limit of the estimated heap, in bytes
   */
  RequestMemoryBudget(long maxBuffers, long maxHeap) {
    this.maxBuffers = maxBuffers;
    this.maxHeap = maxHeap;
  }

  /** Opens the reservation of a new request; it holds nothing yet. */
  Reservation open() {
    return new Reservation();
  }

  /** What one request holds of the budget. */
  final class Reservation {
    private final AtomicLong ownBuffers = new AtomicLong();
    private final AtomicLong ownHeap = new AtomicLong();

    private Reservation() {}

    /** Reserves bytes of buffer; false, and nothing is reserved, when the limit is reached. */
    boolean reserveBuffer(int bytes) {
      if (buffers.addAndGet(bytes) > maxBuffers) {
        buffers.addAndGet(-bytes);
        return false;
      }
      ownBuffers.addAndGet(bytes);
      return true;
    }

    /**
     * Reserves the heap that a part of the body will need once parsed; its position stays. False,
     * and nothing is reserved, when the limit is reached and other requests hold heap, too.
     */
    boolean reserveHeap(ByteBuffer json) {
      long needed = estimate(json);
      long own = ownHeap.addAndGet(needed);
      long all = heap.addAndGet(needed);
      if (all <= maxHeap || all <= own) {
        return true;
      }
      heap.addAndGet(-needed);
      ownHeap.addAndGet(-needed);
      return false;
    }

    /** The buffer is wiped; a second call does nothing. */
    void releaseBuffer() {
      buffers.addAndGet(-ownBuffers.getAndSet(0));
    }

    /** The request is answered: releases everything; a second call does nothing. */
    void close() {
      releaseBuffer();
      heap.addAndGet(-ownHeap.getAndSet(0));
    }
  }

  private static long estimate(ByteBuffer json) {
    long bytes = (long) json.remaining() * HEAP_PER_BYTE;
    for (int i = json.position(); i < json.limit(); i++) {
      byte character = json.get(i);
      bytes += character == '{' || character == '[' ? HEAP_PER_BRACKET : 0;
    }
    return bytes;
  }
}
