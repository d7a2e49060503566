package io.fastyoke.integrations.egress;

import io.netty.channel.Channel;
import io.netty.channel.SingleThreadEventLoop;

/**
 * Checks a connection right before the write: the other side may have closed it in the meantime.
 *
 * <p>An event loop reads its sockets at the start of an iteration and runs tasks afterwards, so a
 * close that arrives in between becomes visible in the next iteration only. This check waits for
 * that iteration: it detects each close that has arrived when it begins. A close that arrives later
 * cannot be detected (RFC 9112, section 9.3.1). The request has then been written, and only the
 * receiver knows whether it was processed.
 */
final class StaleConnectionCheck {
  /** One for bytes before the close (a TLS alert, an unrequested answer), one for the close. */
  private static final int ITERATIONS = 2;

  private StaleConnectionCheck() {}

  /** Runs a task on the connection's event loop when {@link Channel#isActive} is up to date. */
  static void before(Channel channel, Runnable task) {
    afterIterations(ITERATIONS, (SingleThreadEventLoop) channel.eventLoop(), task);
  }

  /** An event loop with a task in its queue polls the sockets, and does not block for them. */
  private static void afterIterations(int count, SingleThreadEventLoop loop, Runnable task) {
    Runnable next = count == 1 ? task : () -> afterIterations(count - 1, loop, task);
    loop.executeAfterEventLoopIteration(() -> loop.execute(next));
  }
}
