package io.fastyoke.integrations.egress;

import io.netty.channel.Channel;
import io.netty.channel.SingleThreadEventLoop;

/**
 * Looks at a connection right before it is written to: the other side may have closed it without
 * having said so.
 *
 * <p>An event loop reads the sockets at the start of a turn and runs tasks afterwards, so a close
 * that arrives in between shows only in the next turn. This waits for it: a close that has arrived
 * when the look begins is seen. One that arrives later, during the write or on the way while
 * nothing is known of it here, cannot be seen by anybody (RFC 9112, section 9.3.1); what is then
 * lost was written, and only the receiver knows whether it counts.
 */
final class StaleConnectionCheck {
  /** One for what was sent before a close (an alert, an answer nobody asked for), one for it. */
  private static final int TURNS = 2;

  private StaleConnectionCheck() {}

  /** Runs a task on the connection's event loop when what it says of being active is up to date. */
  static void before(Channel channel, Runnable task) {
    afterTurns(TURNS, (SingleThreadEventLoop) channel.eventLoop(), task);
  }

  /** A loop that has a task waiting when a turn begins reads the sockets, and does not wait. */
  private static void afterTurns(int turns, SingleThreadEventLoop loop, Runnable task) {
    Runnable next = turns == 1 ? task : () -> afterTurns(turns - 1, loop, task);
    loop.executeAfterEventLoopIteration(() -> loop.execute(next));
  }
}
