package io.fastyoke.integrations.http;

import io.quarkus.runtime.configuration.MemorySize;
import jakarta.inject.Singleton;
import java.util.concurrent.atomic.AtomicLong;

/** How much memory all bodies that are being received may take together. */
@Singleton
class BodyBudget {
  /** What is read from a body takes more than the body. */
  private static final int PART_OF_HEAP = 16;

  private final long most;
  private final AtomicLong taken = new AtomicLong();

  BodyBudget(HttpSettings settings) {
    this.most =
        settings
            .requestBodiesMaxBytes()
            .map(MemorySize::asLongValue)
            .orElseGet(
                () ->
                    Math.max(
                        settings.requestMaxBytes().asLongValue(),
                        Runtime.getRuntime().maxMemory() / PART_OF_HEAP));
  }

  boolean take(int bytes) {
    if (taken.addAndGet(bytes) <= most) {
      return true;
    }
    taken.addAndGet(-bytes);
    return false;
  }

  void giveBack(int bytes) {
    taken.addAndGet(-bytes);
  }
}
