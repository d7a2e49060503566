package io.fastyoke.integrations.egress;

import io.fastyoke.integrations.egress.Exchange.NotSent;
import io.fastyoke.integrations.egress.Exchange.NotSent.Cause;
import io.fastyoke.integrations.egress.guard.Destination;
import io.fastyoke.integrations.egress.guard.DnsResolver;
import io.fastyoke.integrations.egress.guard.EgressRules;
import io.fastyoke.integrations.egress.guard.GuardDecision;
import io.fastyoke.integrations.egress.guard.GuardDecision.Verdict;
import io.fastyoke.integrations.egress.guard.HostName;
import io.fastyoke.integrations.egress.guard.LocalNetwork;
import io.fastyoke.integrations.egress.guard.SsrfGuard;
import io.quarkus.runtime.Startup;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.impl.VertxInternal;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/**
 * The one door out. Nothing else in the service makes HTTP connections.
 *
 * <p>A tenant's host is judged by its name and by every address that it resolves to, at every
 * attempt; the connection is pinned to a validated address, which rules out DNS rebinding. One
 * deadline bounds everything, and of an answer only the first 72 KiB are read.
 */
@Startup(Egress.EARLY)
@ApplicationScoped
public class Egress {
  /** Before anything is at work: settings that are refused must not end it in the middle. */
  static final int EARLY = 3;

  private final VertxInternal vertx;
  private final LocalNetwork surroundings = new LocalNetwork();
  private final DnsResolver names;
  private final SsrfGuard judge;
  private final PinnedHttpClient wire;

  /**
   * Reads the settings.
   *
   * @throws io.quarkus.runtime.configuration.ConfigurationException if one of them is malformed
   */
  @Inject
  Egress(
      Vertx vertx,
      EgressSettings settings,
      @ConfigProperty(name = "fastyoke.database.places") Optional<List<String>> database) {
    this(
        vertx,
        EgressRules.read(settings).keepingAwayFrom(LocalNetwork.ownAddresses()),
        ClientTuning.STANDARD);
    lookAround(database.orElseGet(List::of));
  }

  Egress(Vertx vertx, EgressRules rules, ClientTuning tuning) {
    this.vertx = (VertxInternal) vertx;
    this.names = new DnsResolver(this.vertx, rules.dnsServers());
    this.judge = new SsrfGuard(rules, names, surroundings);
    this.wire = new PinnedHttpClient(vertx, rules.proxy(), rules.proxyResolves(), tuning);
  }

  /**
   * Reads the settings and does nothing with them.
   *
   * @param given the setting of a name such as {@code EGRESS_PROXY}
   * @throws io.quarkus.runtime.configuration.ConfigurationException if one of them is malformed
   */
  public static void check(Function<String, Optional<String>> given) {
    var unused = EgressRules.read(new GivenSettings(given));
  }

  /** Finds out what else to keep tenants from; nothing waits for it. */
  Future<?> lookAround(List<String> databases) {
    return Future.all(
        surroundings.learnPrefix(names), surroundings.closeDatabases(names, databases));
  }

  @PreDestroy
  void close() {
    wire.close();
    names.close();
  }

  /**
   * Sends a request, once. Every outcome on the network is an {@link Exchange}; the Uni does not
   * fail. It completes on the Vert.x context on which it was subscribed to, if there was one.
   * Cancelling it gives up the attempt and closes its connection if anything was written.
   *
   * @param request a request that may not be written (method, header names and values) is {@code
   *     NotSent(BLOCKED)} and comes near no connection
   * @param mayWrite asked when the connection is there and right before the first byte is written,
   *     on an event loop: must not block. If it says no, nothing is written and the outcome is
   *     {@code NotSent(ABANDONED)}
   */
  public Uni<Exchange> send(OutboundRequest request, BooleanSupplier mayWrite) {
    return send(request, request.deadline(), request.method().equals("GET"), mayWrite);
  }

  /**
   * The same for whoever may only write for a while.
   *
   * @param connectWithin how long making the connection may take, from name resolution to the end
   *     of the handshake, when that is less than the request's deadline; longer is {@code
   *     NotSent(UNREACHABLE)}
   * @param repeatable whether the receiver recognises a repetition: when a connection that was kept
   *     alive ends before any byte of an answer, the request is then written once more to a new
   *     one, within the same deadline, if {@code mayWrite} still says yes
   */
  public Uni<Exchange> send(
      OutboundRequest request,
      Duration connectWithin,
      boolean repeatable,
      BooleanSupplier mayWrite) {
    return Uni.createFrom()
        .emitter(emitter -> begin(request, connectWithin, repeatable, mayWrite, emitter));
  }

  /**
   * Judges a tenant's base URL as {@link #send} will at every attempt. The Uni does not fail.
   *
   * @param baseUrl has to be absolute, without user information, query and fragment
   */
  public Uni<GuardDecision> judge(URI baseUrl) {
    Destination to;
    try {
      to = Destination.of(baseUrl);
    } catch (Destination.Malformed e) {
      return Uni.createFrom().item(e.judgement());
    }
    if (baseUrl.getRawQuery() != null) {
      return Uni.createFrom().item(GuardDecision.malformed("Leave out the query."));
    }
    if (!judge.allowsScheme(to)) {
      return Uni.createFrom().item(GuardDecision.malformed("Use https."));
    }
    return Uni.createFrom()
        .emitter(
            emitter -> {
              Context caller = Vertx.currentContext();
              judge
                  .judge(to)
                  .map(ruling -> saved(to, ruling.verdict()))
                  .onSuccess(judgement -> complete(caller, emitter, judgement));
            });
  }

  private void begin(
      OutboundRequest request,
      Duration connectWithin,
      boolean repeatable,
      BooleanSupplier mayWrite,
      UniEmitter<? super Exchange> emitter) {
    Context caller = Vertx.currentContext();
    Destination to;
    try {
      to = Destination.of(request.target());
    } catch (Destination.Malformed e) {
      emitter.complete(refused(GuardDecision.BLOCKED_MESSAGE));
      return;
    }
    String problem = RequestCheck.problem(request);
    if (problem != null) {
      emitter.complete(refused(problem));
      return;
    }
    Attempt attempt =
        new Attempt(vertx, judge, wire, request, to, connectWithin, repeatable, mayWrite);
    emitter.onTermination(attempt::cancel);
    attempt.run().onSuccess(exchange -> complete(caller, emitter, exchange));
  }

  /** A name of the inside is only as good as its addresses, so it needs some to be saved. */
  private static GuardDecision saved(Destination to, Verdict found) {
    boolean unproven = found == Verdict.UNRESOLVABLE && !HostName.isPublic(to.host());
    return GuardDecision.of(unproven ? Verdict.BLOCKED : found);
  }

  private static Exchange refused(String message) {
    return new NotSent(Cause.BLOCKED, message, Duration.ZERO);
  }

  /** What follows, such as a database session, may be bound to the context it began on. */
  private static <T> void complete(
      @Nullable Context caller, UniEmitter<? super T> emitter, T result) {
    if (caller == null) {
      emitter.complete(result);
    } else {
      caller.runOnContext(back -> emitter.complete(result));
    }
  }
}
