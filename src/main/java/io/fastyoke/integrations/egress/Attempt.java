package io.fastyoke.integrations.egress;

import io.fastyoke.integrations.egress.Exchange.Broken.Fault;
import io.fastyoke.integrations.egress.Exchange.NotSent;
import io.fastyoke.integrations.egress.Exchange.NotSent.Cause;
import io.fastyoke.integrations.egress.answer.AnswerDecoder;
import io.fastyoke.integrations.egress.guard.Destination;
import io.fastyoke.integrations.egress.guard.SsrfGuard;
import io.fastyoke.integrations.egress.tls.ClientCertificates;
import io.fastyoke.integrations.egress.tls.ClientCertificates.Request;
import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.impl.VertxInternal;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * One exchange with another host: connect ({@link Connector}), write, read the answer, within one
 * {@link AttemptDeadline}.
 *
 * <p>Everything happens on one event-loop context, except the step from "nothing written" to
 * "written". That step is taken on the connection's own event loop, right after the {@link
 * StaleConnectionCheck}, and is guarded by {@link #phase}.
 */
final class Attempt implements Connector.Listener {
  /** A success counts whatever its body says, so its body may not use up a long deadline. */
  private static final long BODY_TIMEOUT_MILLIS = 5_000;

  private static final int SUCCESSES = 2;
  private static final int FIRST_ERROR = 400;

  private enum Phase {
    BEFORE_WRITE,
    WRITTEN,
    OVER
  }

  /** What all attempts share. */
  record Network(VertxInternal vertx, SsrfGuard guard, PinnedHttpClient client) {
    Network with(PinnedHttpClient other) {
      return new Network(vertx, guard, other);
    }
  }

  private final Context context;
  private final ClientCertificates certificates;
  private final OutboundRequest request;
  private final Destination to;
  private final SendPolicy policy;
  private final AttemptDeadline deadline;
  private final Connector connector;
  private final Promise<Exchange> outcome = Promise.promise();
  private final AtomicReference<Phase> phase = new AtomicReference<>(Phase.BEFORE_WRITE);

  private volatile boolean reused;
  private boolean repeated;
  private boolean flushed;
  private boolean reusable;
  private @Nullable LeasedConnection current;
  private @Nullable BoundedBodyReader body;

  Attempt(Network network, OutboundRequest request, Destination to, SendPolicy policy) {
    this.context = network.vertx().createEventLoopContext();
    this.certificates = network.client().certificates();
    this.request = request;
    this.to = to;
    this.policy = policy;
    this.deadline =
        new AttemptDeadline(network.vertx(), request.deadline(), policy.connectTimeout());
    this.connector = new Connector(network, context, request, to, deadline, this);
  }

  /** Runs; the future never fails, and is completed on the attempt's own context. */
  Future<Exchange> run() {
    context.runOnContext(start -> begin());
    return outcome.future();
  }

  /** Gives up, because the caller no longer wants the outcome. */
  void cancel() {
    context.runOnContext(cancelled -> abandon("The attempt was given up."));
  }

  private void begin() {
    if (!isOver()) {
      deadline.schedule(deadline.connectMillis(), this::connectTimedOut);
      connector.start();
    }
  }

  @Override
  public boolean isOver() {
    return phase.get() == Phase.OVER;
  }

  @Override
  public void failed(NotSent result) {
    end(result);
  }

  @Override
  public boolean offer(LeasedConnection connection) {
    connection.request().exceptionHandler(failure -> broke(connection, failure));
    if (isOver() || current != null) {
      connection.release();
      return false;
    }
    current = connection;
    StaleConnectionCheck.before(connection.channel(), () -> write(connection));
    return true;
  }

  /** On the connection's event loop, right after the {@link StaleConnectionCheck}. */
  private void write(LeasedConnection connection) {
    boolean kept = connector.isReused(connection);
    if (connection.isStale(kept)) {
      connection.discard();
      context.runOnContext(back -> stale(connection.decoder().failure()));
    } else if (isOver()) {
      connection.release();
    } else if (!policy.allowsWrite()) {
      context.runOnContext(back -> abandon("The attempt may no longer be made."));
    } else if (phase.compareAndSet(Phase.BEFORE_WRITE, Phase.WRITTEN)) {
      reused = kept;
      send(connection);
    } else {
      connection.release();
    }
  }

  private void stale(@Nullable Throwable failure) {
    current = null;
    connector.replaceStale(failure);
  }

  private void send(LeasedConnection connection) {
    try {
      RequestHead.fill(connection.request(), request, to);
      connection.request().response().onComplete(response -> responded(connection, response));
      RequestHead.end(connection.request(), request.body()).onSuccess(done -> flushed = true);
    } catch (RuntimeException e) {
      context.runOnContext(back -> broke(connection, e));
    }
  }

  private void responded(LeasedConnection connection, AsyncResult<HttpClientResponse> response) {
    if (response.failed()) {
      broke(connection, response.cause());
      return;
    }
    // without a handler, the client logs the failure
    response.result().exceptionHandler(failure -> broke(connection, failure));
    if (!isOver()) {
      body = new BoundedBodyReader(response.result(), this::read);
      body.begin();
      limitBody(response.result().statusCode());
    }
  }

  private void limitBody(int status) {
    if (status / 100 == SUCCESSES && deadline.remainingMillis() > BODY_TIMEOUT_MILLIS) {
      deadline.schedule(BODY_TIMEOUT_MILLIS, this::timedOut);
    }
  }

  private void read(BoundedBodyReader.BoundedAnswer answer) {
    boolean bothComplete = flushed && !answer.truncated();
    reusable = bothComplete && answer.status() < FIRST_ERROR;
    end(noted(answer.after(deadline.elapsed())));
  }

  /** Some hosts refuse a certificate, or that there is none, as HTTP. */
  private Exchange.Answered noted(Exchange.Answered answer) {
    String note = TlsFailures.note(answer, requested());
    return note == null ? answer : answer.withNote(note);
  }

  /** After the write; before it, {@link #write} finds a broken connection by itself. */
  private void broke(LeasedConnection connection, Throwable failure) {
    if (connection != current || phase.get() != Phase.WRITTEN) {
      return;
    }
    Fault fault = Failures.exchanging(failure);
    AnswerDecoder decoder = connection.decoder();
    Throwable cause = Optional.ofNullable(decoder.failure()).orElse(failure);
    if (!decoder.begun() && TlsFailures.clientCertificate(cause, requested()) != null) {
      end(Failures.notConnected(List.of(cause), requested(), deadline.elapsed()));
    } else if (fault == Fault.CONNECTION_LOST && mayRepeat(decoder)) {
      repeat(connection);
    } else {
      end(bestKnown(fault));
    }
  }

  /** RFC 9112, section 9.3.1: a kept connection may end while a request is on its way. */
  private boolean mayRepeat(AnswerDecoder decoder) {
    return policy.repeatable()
        && reused
        && !repeated
        && !decoder.begun()
        && deadline.remainingMillis() > 0;
  }

  private void repeat(LeasedConnection connection) {
    if (phase.compareAndSet(Phase.WRITTEN, Phase.BEFORE_WRITE)) {
      connection.releaseAndClose();
      current = null;
      flushed = false;
      repeated = true;
      deadline.schedule(deadline.remainingMillis(), this::connectTimedOut);
      connector.reconnect();
    }
  }

  /** A status that has arrived decides, however much of the answer is missing. */
  private Exchange bestKnown(Fault fault) {
    BoundedBodyReader begun = body;
    if (begun != null) {
      return noted(begun.soFar().after(deadline.elapsed()));
    }
    LeasedConnection open = current;
    int status = open == null ? 0 : open.decoder().status();
    return status == 0
        ? broken(fault)
        : noted(new Exchange.Answered(status, List.of(), new byte[0], true, deadline.elapsed()));
  }

  private Exchange broken(Fault fault) {
    return Failures.broken(fault, deadline, reused ? Request.NONE : requested());
  }

  private Request requested() {
    return certificates.requestOf(to.host(), to.port());
  }

  /** The time for connecting is over; a request that is written has the rest of the deadline. */
  private void connectTimedOut() {
    if (phase.compareAndSet(Phase.BEFORE_WRITE, Phase.OVER)) {
      finish(notSent(Cause.UNREACHABLE, "No connection was made in time."), false);
    } else if (phase.get() == Phase.WRITTEN) {
      deadline.schedule(deadline.remainingMillis(), this::timedOut);
    }
  }

  private void timedOut() {
    end(bestKnown(Fault.TIMEOUT));
  }

  private void abandon(String message) {
    end(notSent(Cause.ABANDONED, message));
  }

  private NotSent notSent(Cause cause, String message) {
    return new NotSent(cause, message, deadline.elapsed());
  }

  private void end(Exchange result) {
    Phase before = phase.getAndSet(Phase.OVER);
    if (before != Phase.OVER) {
      finish(result, before == Phase.WRITTEN);
    }
  }

  private void finish(Exchange result, boolean written) {
    deadline.cancel();
    connector.stop();
    Exchange reported = accountingForRepetition(result);
    LeasedConnection open = current;
    if (open == null) {
      outcome.complete(reported);
      return;
    }
    if (!reusable && written) {
      open.releaseAndClose();
    } else if (!reusable) {
      open.release();
    }
    // The client takes the connection back in the current task of the connection's event loop. The
    // outcome comes after it, so that the next request of the caller finds the connection.
    open.afterCurrentTask(() -> context.runOnContext(later -> outcome.complete(reported)));
  }

  /** The first write may have been read, so the repetition's "not sent" is not the whole truth. */
  private Exchange accountingForRepetition(Exchange result) {
    return repeated
            && result instanceof NotSent notSent
            && notSent.cause() != Cause.CLIENT_CERTIFICATE
        ? broken(Fault.CONNECTION_LOST)
        : result;
  }
}
