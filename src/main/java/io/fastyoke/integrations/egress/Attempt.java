package io.fastyoke.integrations.egress;

import io.fastyoke.integrations.egress.Exchange.Broken;
import io.fastyoke.integrations.egress.Exchange.Broken.Fault;
import io.fastyoke.integrations.egress.Exchange.NotSent;
import io.fastyoke.integrations.egress.Exchange.NotSent.Cause;
import io.netty.channel.Channel;
import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.impl.VertxInternal;
import io.vertx.core.net.impl.ConnectionBase;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One attempt, from the judgement to the last byte.
 *
 * <p>Everything happens on one event-loop context, except the step from "nothing written" to
 * "written": that one is taken on the connection's own event loop, after a {@link LastLook} at
 * whether the connection is still open, and is guarded by {@link #phase}.
 */
final class Attempt {
  private static final int MOST_ADDRESSES = 2;
  private static final int MOST_STALE_CONNECTIONS = 2;

  private enum Phase {
    BEFORE_WRITE,
    WRITTEN,
    OVER
  }

  private final Vertx vertx;
  private final Context context;
  private final Judge judge;
  private final Wire wire;
  private final OutboundRequest request;
  private final Destination to;
  private final Duration connectWithin;
  private final BooleanSupplier mayWrite;
  private final long startedAt = System.nanoTime();
  private final Promise<Exchange> outcome = Promise.promise();
  private final AtomicReference<Phase> phase = new AtomicReference<>(Phase.BEFORE_WRITE);
  private final Deque<InetAddress> further = new ArrayDeque<>();

  private long timer = -1;
  private int staleConnections;
  private boolean flushed;
  private boolean reusable;
  private @Nullable HttpClientRequest live;
  private @Nullable Reading reading;

  Attempt(
      VertxInternal vertx,
      Judge judge,
      Wire wire,
      OutboundRequest request,
      Destination to,
      Duration connectWithin,
      BooleanSupplier mayWrite) {
    this.vertx = vertx;
    this.context = vertx.createEventLoopContext();
    this.judge = judge;
    this.wire = wire;
    this.request = request;
    this.to = to;
    this.connectWithin =
        connectWithin.compareTo(request.deadline()) < 0 ? connectWithin : request.deadline();
    this.mayWrite = mayWrite;
  }

  /** Runs; the future never fails, and is completed on the attempt's own context. */
  Future<Exchange> run() {
    context.runOnContext(start -> begin());
    return outcome.future();
  }

  /** Gives up: whoever waited is gone. */
  void cancel() {
    context.runOnContext(
        gone -> end(new NotSent(Cause.ABANDONED, "The attempt was given up.", elapsed())));
  }

  private void begin() {
    if (phase.get() == Phase.OVER) {
      return;
    }
    timer = vertx.setTimer(Math.max(1, patienceToConnect()), id -> connectOrExpire());
    if (request.origin() == OutboundRequest.Origin.OPERATOR) {
      connect(null);
    } else {
      judge.judge(to).onComplete(ruled -> context.runOnContext(back -> judged(ruled.result())));
    }
  }

  private void judged(Judge.Ruling ruling) {
    switch (ruling.verdict()) {
      case ALLOWED -> {
        ruling.addresses().stream().limit(MOST_ADDRESSES).forEach(further::add);
        connect(further.poll());
      }
      case UNRESOLVABLE ->
          end(new NotSent(Cause.UNREACHABLE, Judgement.BLOCKED_MESSAGE, elapsed()));
      case BLOCKED, MALFORMED ->
          end(new NotSent(Cause.BLOCKED, Judgement.BLOCKED_MESSAGE, elapsed()));
    }
  }

  private void connect(@Nullable InetAddress address) {
    if (phase.get() == Phase.OVER) {
      return;
    }
    connecting(address).onComplete(made -> connected(made, address));
  }

  /** The client throws what it dislikes about the options, or being closed. */
  private Future<HttpClientRequest> connecting(@Nullable InetAddress address) {
    try {
      return wire.connect(request, to, address, patienceToConnect());
    } catch (RuntimeException e) {
      return Future.failedFuture(e);
    }
  }

  private void connected(AsyncResult<HttpClientRequest> made, @Nullable InetAddress address) {
    if (made.failed()) {
      notConnected(made.cause(), address);
      return;
    }
    HttpClientRequest leased = made.result();
    leased.exceptionHandler(this::broke);
    if (phase.get() == Phase.OVER) {
      leased.reset(); // came too late; without it the pool would count it as taken for good
      return;
    }
    live = leased;
    Channel channel = connection(leased).channel();
    LastLook.before(channel, () -> write(leased, channel, address));
  }

  private void notConnected(Throwable failure, @Nullable InetAddress address) {
    InetAddress next = Failures.isTls(failure) ? null : further.peek();
    if (failure instanceof HttpClosedException) {
      stale(address); // a kept-alive connection that ended while it was being handed over
    } else if (next == null) {
      end(new NotSent(Cause.UNREACHABLE, Failures.connecting(failure), elapsed()));
    } else {
      connect(further.poll());
    }
  }

  /** On the connection's event loop, right after the {@link LastLook}. */
  private void write(HttpClientRequest leased, Channel channel, @Nullable InetAddress address) {
    if (!channel.isActive()) {
      leased.reset();
      context.runOnContext(back -> stale(address));
    } else if (phase.get() == Phase.OVER) {
      leased.reset();
    } else if (!allowedToWrite()) {
      context.runOnContext(
          back ->
              end(new NotSent(Cause.ABANDONED, "The attempt may no longer be made.", elapsed())));
    } else if (phase.compareAndSet(Phase.BEFORE_WRITE, Phase.WRITTEN)) {
      send(leased);
    } else {
      leased.reset();
    }
  }

  private boolean allowedToWrite() {
    try {
      return mayWrite.getAsBoolean();
    } catch (RuntimeException e) {
      return false; // a caller that cannot say yes has not said it
    }
  }

  private void send(HttpClientRequest leased) {
    try {
      RequestHead.fill(leased, request, to);
      leased.response().onComplete(this::responded);
      RequestHead.end(leased, request.body()).onSuccess(done -> flushed = true);
    } catch (RuntimeException e) {
      context.runOnContext(back -> broke(e));
    }
  }

  /** The other side closed a kept-alive connection before anything was written: take another. */
  private void stale(@Nullable InetAddress address) {
    live = null;
    staleConnections++;
    if (staleConnections <= MOST_STALE_CONNECTIONS) {
      connect(address);
    } else {
      end(new NotSent(Cause.UNREACHABLE, "The host closes its connections at once.", elapsed()));
    }
  }

  private void responded(AsyncResult<HttpClientResponse> response) {
    if (response.failed()) {
      broke(response.cause());
      return;
    }
    response.result().exceptionHandler(this::broke); // without one, the client logs
    if (response.result().statusCode() < 200) {
      end(broken(Fault.PROTOCOL_ERROR)); // the client takes 101 and 102 for final
    } else if (phase.get() != Phase.OVER) {
      reading = new Reading(response.result(), this::read);
      reading.begin();
    }
  }

  private void read(Reading.Answer answer) {
    Exchange exchange = answered(answer);
    reusable = flushed && !answer.truncated(); // both sides are at their end
    end(exchange);
  }

  private Exchange.Answered answered(Reading.Answer answer) {
    return new Exchange.Answered(
        answer.status(), answer.headers(), answer.body(), answer.truncated(), elapsed());
  }

  /** Before the write, {@link #write} finds out by itself. */
  private void broke(Throwable failure) {
    if (phase.get() == Phase.WRITTEN) {
      end(broken(Failures.exchanging(failure)));
    }
  }

  /** The time for connecting is over; what is written by now has the time for an answer. */
  private void connectOrExpire() {
    if (phase.compareAndSet(Phase.BEFORE_WRITE, Phase.OVER)) {
      finish(new NotSent(Cause.UNREACHABLE, "No connection was made in time.", elapsed()), false);
    } else if (phase.get() == Phase.WRITTEN) {
      timer = vertx.setTimer(Math.max(1, patience()), id -> end(broken(Fault.TIMEOUT)));
    }
  }

  private Broken broken(Fault fault) {
    String message =
        switch (fault) {
          case TIMEOUT ->
              "There was no complete answer within " + request.deadline().toMillis() + " ms.";
          case CONNECTION_LOST -> "The connection ended before a complete answer.";
          case PROTOCOL_ERROR -> "The answer is not HTTP as it is accepted here.";
        };
    Reading begun = reading;
    return new Broken(fault, message, begun == null ? null : answered(begun.soFar()), elapsed());
  }

  private void end(Exchange exchange) {
    Phase before = phase.getAndSet(Phase.OVER);
    if (before != Phase.OVER) {
      finish(exchange, before == Phase.WRITTEN);
    }
  }

  private void finish(Exchange exchange, boolean written) {
    vertx.cancelTimer(timer);
    HttpClientRequest open = live;
    if (open == null) {
      outcome.complete(exchange);
      return;
    }
    if (!reusable) {
      release(open, written);
    }
    // After the current task of the connection's event loop, in which the client takes the
    // connection
    // back: or whoever sends next would not find it.
    connection(open)
        .channel()
        .eventLoop()
        .execute(() -> context.runOnContext(later -> outcome.complete(exchange)));
  }

  /**
   * Resetting hands the lease back in every case. After a write the channel is closed at once as
   * well: the client's own close waits for what is unsent, which a host that does not read never
   * takes.
   */
  @SuppressWarnings("FutureReturnValueIgnored") // nobody waits for the close
  private static void release(HttpClientRequest open, boolean written) {
    open.reset();
    if (written) {
      connection(open).channelHandlerContext().close();
    }
  }

  private static ConnectionBase connection(HttpClientRequest request) {
    return (ConnectionBase) request.connection();
  }

  private long patienceToConnect() {
    return connectWithin.minus(elapsed()).toMillis();
  }

  private long patience() {
    return request.deadline().minus(elapsed()).toMillis();
  }

  private Duration elapsed() {
    return Duration.ofNanos(System.nanoTime() - startedAt);
  }
}
