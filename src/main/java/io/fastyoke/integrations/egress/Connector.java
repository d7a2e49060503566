package io.fastyoke.integrations.egress;

import io.fastyoke.integrations.egress.Exchange.NotSent;
import io.fastyoke.integrations.egress.Exchange.NotSent.Cause;
import io.fastyoke.integrations.egress.guard.Destination;
import io.fastyoke.integrations.egress.guard.GuardDecision;
import io.fastyoke.integrations.egress.guard.SsrfGuard;
import io.fastyoke.integrations.egress.tls.ClientCertificates.Request;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClosedException;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Finds a connection for one attempt: asks the SSRF guard, connects to one of the allowed
 * addresses, and replaces connections that turn out to be stale. Used on the attempt's context
 * only, but for {@link #isReused}.
 */
final class Connector {
  /** Stale connections taken from the pool; after that the attempt makes its own. */
  private static final int MAX_STALE_CONNECTIONS = 2;

  /** The attempt that the connection is for. */
  interface Listener {
    /** Whether the attempt has ended, so that no connection is needed any more. */
    boolean isOver();

    /**
     * Offers a connection; later ones of the same race are offered, too.
     *
     * @return whether the attempt takes it; otherwise it has given it back
     */
    boolean offer(LeasedConnection connection);

    /** There will be none. */
    void failed(NotSent outcome);
  }

  private final Vertx vertx;
  private final Context context;
  private final SsrfGuard guard;
  private final PinnedHttpClient client;
  private final OutboundRequest request;
  private final Destination to;
  private final AttemptDeadline deadline;
  private final Listener listener;

  private List<Optional<InetAddress>> addresses = List.of(Optional.empty());
  private int staleConnections;
  private boolean unpooledOnly;
  private volatile long connectingSince;
  private @Nullable HappyEyeballs race;

  Connector(
      Attempt.Network network,
      Context context,
      OutboundRequest request,
      Destination to,
      AttemptDeadline deadline,
      Listener listener) {
    this.vertx = network.vertx();
    this.guard = network.guard();
    this.client = network.client();
    this.context = context;
    this.request = request;
    this.to = to;
    this.deadline = deadline;
    this.listener = listener;
  }

  /** Asks the guard, unless the operator chose the host, and connects. */
  void start() {
    if (request.origin() == OutboundRequest.Origin.OPERATOR) {
      connect();
    } else {
      guard.check(to).onComplete(done -> context.runOnContext(back -> checked(done.result())));
    }
  }

  private void checked(SsrfGuard.Resolution resolution) {
    switch (resolution.status()) {
      case ALLOWED -> {
        if (!resolution.addresses().isEmpty()) {
          addresses = resolution.addresses().stream().map(Optional::of).toList();
        }
        connect();
      }
      case UNRESOLVABLE -> fail(Cause.UNREACHABLE, GuardDecision.BLOCKED_MESSAGE);
      case BLOCKED, MALFORMED -> fail(Cause.BLOCKED, GuardDecision.BLOCKED_MESSAGE);
    }
  }

  private void connect() {
    if (!listener.isOver()) {
      connectingSince = System.nanoTime();
      race =
          new HappyEyeballs(
              vertx,
              addresses,
              !client.isProxied(),
              this::connectTo,
              this::connected,
              this::allFailed);
      race.start();
    }
  }

  /** The client throws when it refuses the options, or is closed. */
  private Future<LeasedConnection> connectTo(Optional<InetAddress> address) {
    long began = System.nanoTime();
    try {
      return client
          .connect(request, to, address.orElse(null), connectMillis(), needsNewConnection())
          .map(LeasedConnection::new)
          .onSuccess(connection -> connection.recordConnectTime(began));
    } catch (RuntimeException e) {
      return Future.failedFuture(e);
    }
  }

  /** A repetition may use all that is left of the deadline. */
  private long connectMillis() {
    return unpooledOnly ? deadline.remainingMillis() : deadline.connectMillis();
  }

  /** Many kept connections may have ended at once, by the host or by our own limit. */
  private boolean needsNewConnection() {
    return unpooledOnly || staleConnections >= MAX_STALE_CONNECTIONS;
  }

  private void connected(LeasedConnection connection, Optional<InetAddress> address) {
    if (listener.offer(connection)) {
      addresses = Stream.concat(Stream.of(address), addresses.stream()).distinct().toList();
    }
  }

  private void allFailed(List<Throwable> failures) {
    if (failures.stream().anyMatch(HttpClosedException.class::isInstance)) {
      replaceStale(null); // a kept-alive connection that ended while it was being handed over
    } else {
      listener.failed(notConnected(failures));
    }
  }

  private NotSent notConnected(List<Throwable> failures) {
    return failures.stream()
        .flatMap(failure -> client.proxyFailure(failure, to).stream())
        .findFirst()
        .map(message -> new NotSent(Cause.UNREACHABLE, message, deadline.elapsed()))
        .orElseGet(() -> tlsOrNetwork(failures));
  }

  private NotSent tlsOrNetwork(List<Throwable> failures) {
    Request requested = client.certificates().requestOf(to.host(), to.port());
    return Failures.notConnected(failures, requested, deadline.elapsed());
  }

  /**
   * Takes another connection: this one was closed, or kept for too long, before anything was
   * written.
   *
   * @param failure what the stale connection failed of, if known
   */
  void replaceStale(@Nullable Throwable failure) {
    staleConnections++;
    if (failure != null && TlsFailures.isTls(failure)) {
      listener.failed(tlsOrNetwork(List.of(failure)));
    } else if (staleConnections <= MAX_STALE_CONNECTIONS + 1) {
      connect();
    } else {
      fail(Cause.UNREACHABLE, "The host closes its connections at once.");
    }
  }

  /** Connects once more, to write the request a second time: with a new connection only. */
  void reconnect() {
    unpooledOnly = true;
    connect();
  }

  /** Whether the connection is older than this attempt's wish for one. On any thread. */
  boolean isReused(LeasedConnection connection) {
    return connection.isReused(connectingSince);
  }

  /** Begins no more connections. */
  void stop() {
    if (race != null) {
      race.stop();
    }
  }

  private void fail(Cause cause, String message) {
    listener.failed(new NotSent(cause, message, deadline.elapsed()));
  }
}
