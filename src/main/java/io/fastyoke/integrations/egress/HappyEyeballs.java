package io.fastyoke.integrations.egress;

import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Connects to one of several addresses (RFC 8305, section 5): the next address is tried when the
 * one before it has failed, or is not connected after {@value #DELAY_MILLIS} ms, and the first
 * connection wins. Used on one context only.
 */
final class HappyEyeballs {
  /** RFC 8305, section 8: the recommended Connection Attempt Delay. */
  private static final long DELAY_MILLIS = 250;

  private final Vertx vertx;
  private final boolean staggered;
  private final Function<Optional<InetAddress>, Future<LeasedConnection>> connect;
  private final BiConsumer<LeasedConnection, Optional<InetAddress>> onConnected;
  private final Consumer<List<Throwable>> onAllFailed;
  private final Deque<Optional<InetAddress>> untried;
  private final List<Throwable> failures = new ArrayList<>();
  private int pending;
  private long timer = -1;
  private boolean over;

  /**
   * A race that has not started.
   *
   * @param addresses to try in this order; an empty one leaves the address to the client
   * @param staggered whether several may be tried at a time
   * @param onConnected gets the first connection, and each later one, to give it back
   * @param onAllFailed gets the failure of each address when all have failed
   */
  HappyEyeballs(
      Vertx vertx,
      List<Optional<InetAddress>> addresses,
      boolean staggered,
      Function<Optional<InetAddress>, Future<LeasedConnection>> connect,
      BiConsumer<LeasedConnection, Optional<InetAddress>> onConnected,
      Consumer<List<Throwable>> onAllFailed) {
    this.vertx = vertx;
    this.untried = new ArrayDeque<>(addresses);
    this.staggered = staggered;
    this.connect = connect;
    this.onConnected = onConnected;
    this.onAllFailed = onAllFailed;
  }

  /** Tries the first address. */
  void start() {
    tryNext();
  }

  /** Tries no further addresses. */
  void stop() {
    over = true;
    vertx.cancelTimer(timer);
  }

  @SuppressWarnings("NullableOptional") // an empty address is one to try, null is the end
  private void tryNext() {
    vertx.cancelTimer(timer);
    @Nullable Optional<InetAddress> address = untried.poll();
    if (over || address == null) {
      return;
    }
    pending++;
    if (staggered && !untried.isEmpty()) {
      timer = vertx.setTimer(DELAY_MILLIS, id -> tryNext());
    }
    connect.apply(address).onComplete(result -> finished(result, address));
  }

  private void finished(AsyncResult<LeasedConnection> result, Optional<InetAddress> address) {
    pending--;
    if (result.succeeded()) {
      stop();
      onConnected.accept(result.result(), address);
      return;
    }
    failures.add(result.cause());
    if (over) {
      return;
    }
    if (!untried.isEmpty()) {
      tryNext();
    } else if (pending == 0) {
      over = true;
      onAllFailed.accept(failures);
    }
  }
}
