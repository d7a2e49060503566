package io.fastyoke.integrations.egress;

import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientRequest;
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
 * Connects to one of several addresses (RFC 8305, section 5): the next one begins when the one
 * before it has failed, or has not been made within a while, and the first that is there wins. Used
 * on one context only.
 */
final class Race {
  /** RFC 8305, section 8: the recommended Connection Attempt Delay. */
  private static final long DELAY_MILLIS = 250;

  private final Vertx vertx;
  private final boolean staggered;
  private final Function<Optional<InetAddress>, Future<HttpClientRequest>> connect;
  private final BiConsumer<HttpClientRequest, Optional<InetAddress>> won;
  private final Consumer<List<Throwable>> lost;
  private final Deque<Optional<InetAddress>> waiting;
  private final List<Throwable> failures = new ArrayList<>();
  private int running;
  private long timer = -1;
  private boolean over;

  /**
   * A race that has not begun.
   *
   * @param addresses where to; an empty one leaves the address to others
   * @param staggered whether several may run at a time
   * @param won gets the first connection, and every one that is made after it, to hand them back
   * @param lost gets what the addresses failed of, when all have
   */
  Race(
      Vertx vertx,
      List<Optional<InetAddress>> addresses,
      boolean staggered,
      Function<Optional<InetAddress>, Future<HttpClientRequest>> connect,
      BiConsumer<HttpClientRequest, Optional<InetAddress>> won,
      Consumer<List<Throwable>> lost) {
    this.vertx = vertx;
    this.waiting = new ArrayDeque<>(addresses);
    this.staggered = staggered;
    this.connect = connect;
    this.won = won;
    this.lost = lost;
  }

  /** Begins with the first address. */
  void begin() {
    next();
  }

  /** Begins no more connections. */
  void stop() {
    over = true;
    vertx.cancelTimer(timer);
  }

  @SuppressWarnings("NullableOptional") // no address is one that has to be tried, too
  private void next() {
    vertx.cancelTimer(timer);
    @Nullable Optional<InetAddress> address = waiting.poll();
    if (over || address == null) {
      return;
    }
    running++;
    if (staggered && !waiting.isEmpty()) {
      timer = vertx.setTimer(DELAY_MILLIS, id -> next());
    }
    connect.apply(address).onComplete(made -> ended(made, address));
  }

  private void ended(AsyncResult<HttpClientRequest> made, Optional<InetAddress> address) {
    running--;
    if (made.succeeded()) {
      stop();
      won.accept(made.result(), address);
      return;
    }
    failures.add(made.cause());
    if (over) {
      return;
    }
    if (!waiting.isEmpty()) {
      next();
    } else if (running == 0) {
      over = true;
      lost.accept(failures);
    }
  }
}
