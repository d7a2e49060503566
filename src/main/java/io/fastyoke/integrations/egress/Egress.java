package io.fastyoke.integrations.egress;

import io.fastyoke.integrations.egress.Exchange.NotSent;
import io.fastyoke.integrations.egress.Exchange.NotSent.Cause;
import io.fastyoke.integrations.egress.guard.Destination;
import io.fastyoke.integrations.egress.guard.DnsResolver;
import io.fastyoke.integrations.egress.guard.EgressRules;
import io.fastyoke.integrations.egress.guard.GuardDecision;
import io.fastyoke.integrations.egress.guard.GuardDecision.Status;
import io.fastyoke.integrations.egress.guard.HostName;
import io.fastyoke.integrations.egress.guard.LocalNetwork;
import io.fastyoke.integrations.egress.guard.SsrfGuard;
import io.fastyoke.integrations.egress.tls.ClientTls;
import io.fastyoke.integrations.egress.tls.LoadedTls;
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
 * Sends outbound HTTP requests. Nothing else in the service makes HTTP connections.
 *
 * <p>The SSRF guard checks a tenant's host by its name and by every address that it resolves to, at
 * every attempt. The connection is pinned to a checked address, which rules out DNS rebinding. One
 * deadline bounds the attempt, and only the first 72 KiB of an answer's body are read.
 */
@Startup(Egress.START_PRIORITY)
@ApplicationScoped
public class Egress {
  /** Early: malformed settings have to stop the start before any work begins. */
  static final int START_PRIORITY = 3;

  private static final int MAX_OWN_TLS_CLIENTS = 1_000;
  private static final Duration SWEEP_INTERVAL = Duration.ofSeconds(15);

  private final LocalNetwork localNetwork = new LocalNetwork();
  private final DnsResolver dns;
  private final SsrfGuard guard;
  private final PinnedHttpClient client;
  private final Attempt.Network network;
  private final OwnTlsClients ownTls;
  private final Runnable stopSweeping;

  /**
   * Parses the settings, and begins to look for addresses that tenants must not reach.
   *
   * @throws io.quarkus.runtime.configuration.ConfigurationException if one of them is malformed
   */
  @Inject
  Egress(
      Vertx vertx,
      EgressSettings settings,
      @ConfigProperty(name = "fastyoke.database.hosts") Optional<List<String>> database) {
    this(
        vertx,
        EgressRules.read(settings).denying(LocalNetwork.ownAddresses()),
        ClientTuning.STANDARD);
    discoverNetwork(database.orElseGet(List::of));
  }

  Egress(Vertx vertx, EgressRules rules, ClientTuning tuning) {
    VertxInternal internal = (VertxInternal) vertx;
    this.dns = new DnsResolver(internal, rules.dnsServers());
    this.guard = new SsrfGuard(rules, dns, localNetwork);
    this.client = new PinnedHttpClient(internal, rules.proxy(), rules.proxyResolves(), tuning);
    this.network = new Attempt.Network(internal, guard, client);
    this.ownTls =
        new OwnTlsClients(
            client::with,
            source -> new LoadedTls(source, tuning.trust()),
            MAX_OWN_TLS_CLIENTS,
            System::nanoTime);
    long sweeps = vertx.setPeriodic(SWEEP_INTERVAL.toMillis(), id -> ownTls.sweep());
    this.stopSweeping = () -> vertx.cancelTimer(sweeps);
  }

  /**
   * Validates the settings without using them.
   *
   * @param environment gets the value of a setting such as {@code EGRESS_PROXY}
   * @return what tenants may reach, in one line
   * @throws io.quarkus.runtime.configuration.ConfigurationException if one of them is malformed
   */
  public static String validateSettings(Function<String, Optional<String>> environment) {
    return EgressRules.read(new EnvironmentSettings(environment)).describe();
  }

  /** Looks for further addresses that tenants must not reach, in the background. */
  Future<?> discoverNetwork(List<String> databases) {
    return Future.all(localNetwork.discoverNat64(dns), localNetwork.blockDatabases(dns, databases));
  }

  @PreDestroy
  void close() {
    stopSweeping.run();
    ownTls.close();
    client.close();
    dns.close();
  }

  /**
   * Sends a request, once. Every outcome on the network is an {@link Exchange}; the Uni does not
   * fail. It completes on the Vert.x context of its subscriber, if there is one. Cancelling it
   * gives up the attempt, and closes the connection if anything was written.
   *
   * @param request if its method or a header is not allowed, the outcome is {@code
   *     NotSent(BLOCKED)}, without a connection
   * @param mayWrite asked when there is a connection, right before the first byte is written, on an
   *     event loop: must not block. If it returns false, nothing is written and the outcome is
   *     {@code NotSent(ABANDONED)}
   */
  public Uni<Exchange> send(OutboundRequest request, BooleanSupplier mayWrite) {
    return send(request, request.deadline(), request.method().equals("GET"), mayWrite);
  }

  /**
   * Sends a request, with a limit for connecting.
   *
   * @param connectTimeout from name resolution to the end of the TLS handshake, if less than the
   *     request's deadline; after it the outcome is {@code NotSent(UNREACHABLE)}
   * @param repeatable whether the receiver recognises a repetition. If so, and a kept-alive
   *     connection ends before the first byte of an answer, the request is written once more to a
   *     new connection, within the same deadline, if {@code mayWrite} still returns true
   */
  public Uni<Exchange> send(
      OutboundRequest request,
      Duration connectTimeout,
      boolean repeatable,
      BooleanSupplier mayWrite) {
    SendPolicy policy = new SendPolicy(connectTimeout, repeatable, mayWrite);
    return Uni.createFrom().emitter(emitter -> begin(request, policy, emitter));
  }

  /**
   * Checks a tenant's base URL as {@link #send} does at every attempt. The Uni does not fail.
   *
   * @param baseUrl absolute, without user information, query and fragment
   */
  public Uni<GuardDecision> checkBaseUrl(URI baseUrl) {
    Destination to;
    try {
      to = Destination.of(baseUrl);
    } catch (Destination.Malformed e) {
      return Uni.createFrom().item(e.decision());
    }
    if (baseUrl.getRawQuery() != null) {
      return Uni.createFrom().item(GuardDecision.malformed("Leave out the query."));
    }
    if (!guard.allowsScheme(to)) {
      return Uni.createFrom().item(GuardDecision.malformed("Use https."));
    }
    return Uni.createFrom()
        .emitter(
            emitter -> {
              Context caller = Vertx.currentContext();
              guard
                  .check(to)
                  .map(resolution -> whenSaved(to, resolution.status()))
                  .onSuccess(decision -> complete(caller, emitter, decision));
            });
  }

  private void begin(
      OutboundRequest request, SendPolicy policy, UniEmitter<? super Exchange> emitter) {
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
    ClientTls tls = to.tls() ? request.tls() : null;
    OwnTlsClients.Lease own = tls == null ? null : ownTls.lease(tls);
    Attempt.Network over = own == null ? network : network.with(own.client());
    Attempt attempt = new Attempt(over, request, to, policy);
    emitter.onTermination(attempt::cancel);
    attempt
        .run()
        .onSuccess(
            exchange -> {
              if (own != null) {
                own.close();
              }
              complete(caller, emitter, exchange);
            });
  }

  /** Closes what is kept of an owner's certificates: they have changed, or are no more. */
  public void forgetTls(String owner) {
    ownTls.forget(owner);
  }

  /** Owners' certificates that are kept. */
  int ownTlsClients() {
    return ownTls.size();
  }

  /** An internal name is allowed for its addresses only, so it must resolve to be saved. */
  private static GuardDecision whenSaved(Destination to, Status found) {
    boolean unproven = found == Status.UNRESOLVABLE && !HostName.isPublic(to.host());
    return GuardDecision.of(unproven ? Status.BLOCKED : found);
  }

  private static Exchange refused(String message) {
    return new NotSent(Cause.BLOCKED, message, Duration.ZERO);
  }

  /** The caller's next step, such as a database session, may be bound to its own context. */
  private static <T> void complete(
      @Nullable Context caller, UniEmitter<? super T> emitter, T result) {
    if (caller == null) {
      emitter.complete(result);
    } else {
      caller.runOnContext(back -> emitter.complete(result));
    }
  }
}
