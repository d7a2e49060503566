package io.fastyoke.integrations.egress;

import io.fastyoke.integrations.egress.Exchange.Broken;
import io.fastyoke.integrations.egress.Exchange.Broken.Fault;
import io.fastyoke.integrations.egress.Exchange.NotSent;
import io.fastyoke.integrations.egress.Exchange.NotSent.Cause;
import io.fastyoke.integrations.egress.answer.AnswerDecoder;
import io.fastyoke.integrations.egress.answer.IdleLimit;
import io.fastyoke.integrations.egress.guard.Destination;
import io.fastyoke.integrations.egress.guard.GuardDecision;
import io.fastyoke.integrations.egress.guard.SsrfGuard;
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
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One attempt, from the judgement to the last byte.
 *
 * <p>Everything happens on one event-loop context, except the step from "nothing written" to
 * "written": that one is taken on the connection's own event loop, after a {@link
 * StaleConnectionCheck} at whether the connection is still open, and is guarded by {@link #phase}.
 */
final class Attempt {
  /** Of kept ones; after that a connection is made for this attempt alone. */
  private static final int MAX_STALE_CONNECTIONS = 2;

  private static final long LONGEST_BODY_MILLIS = 5_000;

  private enum Phase {
    BEFORE_WRITE,
    WRITTEN,
    OVER
  }

  private final Vertx vertx;
  private final Context context;
  private final SsrfGuard judge;
  private final PinnedHttpClient wire;
  private final OutboundRequest request;
  private final Destination to;
  private final Duration connectWithin;
  private final boolean repeatable;
  private final BooleanSupplier mayWrite;
  private final long startedAt = System.nanoTime();
  private final Promise<Exchange> outcome = Promise.promise();
  private final AtomicReference<Phase> phase = new AtomicReference<>(Phase.BEFORE_WRITE);

  private long timer = -1;
  private List<Optional<InetAddress>> addresses = List.of(Optional.empty());
  private int staleConnections;
  private volatile long connectingSince;
  private volatile boolean reused;
  private boolean repeated;
  private boolean flushed;
  private boolean reusable;
  private @Nullable Race race;
  private @Nullable HttpClientRequest live;
  private @Nullable BoundedBodyReader reading;

  Attempt(
      VertxInternal vertx,
      SsrfGuard judge,
      PinnedHttpClient wire,
      OutboundRequest request,
      Destination to,
      Duration connectWithin,
      boolean repeatable,
      BooleanSupplier mayWrite) {
    this.vertx = vertx;
    this.context = vertx.createEventLoopContext();
    this.judge = judge;
    this.wire = wire;
    this.request = request;
    this.to = to;
    this.connectWithin =
        connectWithin.compareTo(request.deadline()) < 0 ? connectWithin : request.deadline();
    this.repeatable = repeatable;
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
      connect();
    } else {
      judge.judge(to).onComplete(ruled -> context.runOnContext(back -> judged(ruled.result())));
    }
  }

  private void judged(SsrfGuard.Ruling ruling) {
    switch (ruling.verdict()) {
      case ALLOWED -> {
        if (!ruling.addresses().isEmpty()) {
          addresses = ruling.addresses().stream().map(Optional::of).toList();
        }
        connect();
      }
      case UNRESOLVABLE ->
          end(new NotSent(Cause.UNREACHABLE, GuardDecision.BLOCKED_MESSAGE, elapsed()));
      case BLOCKED, MALFORMED ->
          end(new NotSent(Cause.BLOCKED, GuardDecision.BLOCKED_MESSAGE, elapsed()));
    }
  }

  private void connect() {
    if (phase.get() != Phase.OVER) {
      connectingSince = System.nanoTime();
      race =
          new Race(
              vertx,
              addresses,
              !wire.isProxied(),
              this::connecting,
              this::connected,
              this::refused);
      race.begin();
    }
  }

  /** The client throws what it dislikes about the options, or being closed. */
  private Future<HttpClientRequest> connecting(Optional<InetAddress> address) {
    long begun = System.nanoTime();
    try {
      return wire.connect(request, to, address.orElse(null), patienceToConnect(), isFreshNeeded())
          .onSuccess(leased -> lease(leased, begun));
    } catch (RuntimeException e) {
      return Future.failedFuture(e);
    }
  }

  /** Many kept connections may have ended at once, by the host or by our own limit. */
  private boolean isFreshNeeded() {
    return repeated || staleConnections >= MAX_STALE_CONNECTIONS;
  }

  private void lease(HttpClientRequest leased, long begun) {
    IdleLimit idle = answers(leased).idle();
    if (idle.isNewerThan(begun)) {
      idle.connectedIn(Duration.ofNanos(System.nanoTime() - begun).toMillis());
    }
  }

  private void connected(HttpClientRequest leased, Optional<InetAddress> address) {
    leased.exceptionHandler(failure -> broke(leased, failure));
    if (phase.get() == Phase.OVER || live != null) {
      leased.reset(); // came too late; without it the pool would count it as taken for good
      return;
    }
    live = leased;
    addresses = startingWith(address);
    Channel channel = connection(leased).channel();
    StaleConnectionCheck.before(channel, () -> write(leased, channel));
  }

  private NotSent notConnected(List<Throwable> failures) {
    return failures.stream()
        .flatMap(failure -> wire.proxyTrouble(failure, to).stream())
        .findFirst()
        .map(words -> new NotSent(Cause.UNREACHABLE, words, elapsed()))
        .orElseGet(
            () -> Failures.notConnected(failures, wire.certificates().askedBy(to), elapsed()));
  }

  private List<Optional<InetAddress>> startingWith(Optional<InetAddress> first) {
    return Stream.concat(Stream.of(first), addresses.stream()).distinct().toList();
  }

  private void refused(List<Throwable> failures) {
    if (failures.stream().anyMatch(HttpClosedException.class::isInstance)) {
      stale(null); // a kept-alive connection that ended while it was being handed over
    } else {
      end(notConnected(failures));
    }
  }

  /** On the connection's event loop, right after the {@link StaleConnectionCheck}. */
  @SuppressWarnings("FutureReturnValueIgnored") // nobody waits for the close
  private void write(HttpClientRequest leased, Channel channel) {
    AnswerDecoder answers = AnswerDecoder.of(channel);
    boolean kept = answers.requests() > 0 || !answers.idle().isNewerThan(connectingSince);
    if (!channel.isActive() || (kept && answers.idle().isOver())) {
      leased.reset();
      channel.close();
      context.runOnContext(back -> stale(answers.failure()));
    } else if (phase.get() == Phase.OVER) {
      leased.reset();
    } else if (!allowedToWrite()) {
      context.runOnContext(
          back ->
              end(new NotSent(Cause.ABANDONED, "The attempt may no longer be made.", elapsed())));
    } else if (phase.compareAndSet(Phase.BEFORE_WRITE, Phase.WRITTEN)) {
      reused = kept;
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
      leased.response().onComplete(response -> responded(leased, response));
      RequestHead.end(leased, request.body()).onSuccess(done -> flushed = true);
    } catch (RuntimeException e) {
      context.runOnContext(back -> broke(leased, e));
    }
  }

  /** The connection was closed, or kept for too long, before anything was written: take another. */
  private void stale(@Nullable Throwable failure) {
    live = null;
    staleConnections++;
    if (failure != null && TlsFailures.isTls(failure)) {
      end(Failures.notConnected(List.of(failure), wire.certificates().askedBy(to), elapsed()));
    } else if (staleConnections <= MAX_STALE_CONNECTIONS + 1) {
      connect();
    } else {
      end(new NotSent(Cause.UNREACHABLE, "The host closes its connections at once.", elapsed()));
    }
  }

  private void responded(HttpClientRequest leased, AsyncResult<HttpClientResponse> response) {
    if (response.failed()) {
      broke(leased, response.cause());
      return;
    }
    // without a handler, the client logs
    response.result().exceptionHandler(failure -> broke(leased, failure));
    if (phase.get() != Phase.OVER) {
      reading = new BoundedBodyReader(response.result(), this::read);
      reading.begin();
      limitBody(response.result().statusCode());
    }
  }

  /** A success is one whatever its body says, so nobody waits for that for as long. */
  private void limitBody(int status) {
    if (status / 100 == 2 && patience() > LONGEST_BODY_MILLIS) {
      vertx.cancelTimer(timer);
      timer = vertx.setTimer(LONGEST_BODY_MILLIS, id -> expired());
    }
  }

  private void read(BoundedBodyReader.Answer answer) {
    reusable = flushed && !answer.truncated() && answer.status() < 400; // both are at their end
    end(answered(answer));
  }

  private Exchange.Answered answered(BoundedBodyReader.Answer answer) {
    return new Exchange.Answered(
        answer.status(), answer.headers(), answer.body(), answer.truncated(), elapsed());
  }

  /** Before the write, {@link #write} finds out by itself. */
  private void broke(HttpClientRequest leased, Throwable failure) {
    if (leased != live || phase.get() != Phase.WRITTEN) {
      return;
    }
    Fault fault = Failures.exchanging(failure);
    AnswerDecoder answers = answers(leased);
    Throwable telling = Optional.ofNullable(answers.failure()).orElse(failure);
    if (!answers.begun()
        && TlsFailures.wantsClientCertificate(telling, wire.certificates().askedBy(to))) {
      end(Failures.notConnected(List.of(telling), true, elapsed()));
    } else if (fault == Fault.CONNECTION_LOST && mayRepeat(answers)) {
      repeat(leased);
    } else {
      end(known(fault));
    }
  }

  /** RFC 9112, section 9.3.1: a connection that was kept may end as a request is on its way. */
  private boolean mayRepeat(AnswerDecoder answers) {
    return repeatable && reused && !repeated && !answers.begun() && patience() > 0;
  }

  private void repeat(HttpClientRequest leased) {
    if (!phase.compareAndSet(Phase.WRITTEN, Phase.BEFORE_WRITE)) {
      return;
    }
    release(leased, true);
    live = null;
    flushed = false;
    repeated = true;
    vertx.cancelTimer(timer);
    timer = vertx.setTimer(Math.max(1, patience()), id -> connectOrExpire());
    connect();
  }

  /** The status decides, however much of the rest there is. */
  private Exchange known(Fault fault) {
    BoundedBodyReader begun = reading;
    if (begun != null) {
      return answered(begun.soFar());
    }
    HttpClientRequest open = live;
    int status = open == null ? 0 : answers(open).status();
    return status == 0
        ? broken(fault)
        : new Exchange.Answered(status, List.of(), new byte[0], true, elapsed());
  }

  private void expired() {
    end(known(Fault.TIMEOUT));
  }

  /** The time for connecting is over; what is written by now has the time for an answer. */
  private void connectOrExpire() {
    if (phase.compareAndSet(Phase.BEFORE_WRITE, Phase.OVER)) {
      finish(new NotSent(Cause.UNREACHABLE, "No connection was made in time.", elapsed()), false);
    } else if (phase.get() == Phase.WRITTEN) {
      timer = vertx.setTimer(Math.max(1, patience()), id -> expired());
    }
  }

  private Broken broken(Fault fault) {
    String message =
        switch (fault) {
          case TIMEOUT -> "There was no answer within " + request.deadline().toMillis() + " ms.";
          case CONNECTION_LOST -> "The connection ended before there was an answer." + hint();
          case PROTOCOL_ERROR -> "The answer is not HTTP as it is accepted here.";
        };
    return new Broken(fault, message, elapsed());
  }

  private String hint() {
    return !reused && wire.certificates().askedBy(to)
        ? " The host had asked for a client certificate, and the connection has none."
        : "";
  }

  private void end(Exchange exchange) {
    Phase before = phase.getAndSet(Phase.OVER);
    if (before != Phase.OVER) {
      finish(exchange, before == Phase.WRITTEN);
    }
  }

  private void finish(Exchange exchange, boolean written) {
    vertx.cancelTimer(timer);
    if (race != null) {
      race.stop();
    }
    Exchange told =
        repeated && exchange instanceof NotSent no && no.cause() != Cause.CLIENT_CERTIFICATE
            ? broken(Fault.CONNECTION_LOST)
            : exchange;
    HttpClientRequest open = live;
    if (open == null) {
      outcome.complete(told);
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
        .execute(() -> context.runOnContext(later -> outcome.complete(told)));
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

  private static AnswerDecoder answers(HttpClientRequest request) {
    return AnswerDecoder.of(connection(request).channel());
  }

  private static ConnectionBase connection(HttpClientRequest request) {
    return (ConnectionBase) request.connection();
  }

  private long patienceToConnect() {
    return repeated ? patience() : connectWithin.minus(elapsed()).toMillis();
  }

  private long patience() {
    return request.deadline().minus(elapsed()).toMillis();
  }

  private Duration elapsed() {
    return Duration.ofNanos(System.nanoTime() - startedAt);
  }
}
