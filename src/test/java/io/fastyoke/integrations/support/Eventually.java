package io.fastyoke.integrations.support;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/**
 * Polls for what other threads or processes bring about, with a deadline. The deadline is generous,
 * because the machine of the tests may be a slow one: it is only reached when the test fails.
 */
public final class Eventually {
  private static final Duration INTERVAL = Duration.ofMillis(20);
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private Eventually() {}

  /**
   * Waits up to a minute.
   *
   * @param what the condition in words, for the failure's message
   */
  public static void eventually(String what, Callable<Boolean> condition) {
    eventually(what, LIMIT, condition);
  }

  /** Waits up to the limit. An exception of the condition fails the test at once. */
  public static void eventually(String what, Duration limit, Callable<Boolean> condition) {
    Awaitility.await(what)
        .pollInSameThread()
        .pollDelay(Duration.ZERO)
        .pollInterval(INTERVAL)
        .atMost(limit)
        .until(condition);
  }

  /** Whether the latch opens within the limit; false also when the thread is interrupted. */
  public static boolean opens(CountDownLatch latch, Duration limit) {
    try {
      return latch.await(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** A pause that is part of what is tested, such as a slow receiver's. */
  public static void pause(Duration time) {
    try {
      TimeUnit.MILLISECONDS.sleep(time.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
