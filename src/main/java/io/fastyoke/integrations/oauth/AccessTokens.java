package io.fastyoke.integrations.oauth;

import io.fastyoke.integrations.egress.Egress;
import io.fastyoke.integrations.identity.TenantId;
import io.fastyoke.integrations.oauth.TokenResult.Failed;
import io.fastyoke.integrations.oauth.TokenResult.Granted;
import io.fastyoke.integrations.oauth.TokenSlot.Claim;
import io.fastyoke.integrations.oauth.TokenSlot.Renewal;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * The access tokens of all connections, in the memory of this replica only. A connection has one
 * token at a time and at most one request for the next; attempts share both. A token is renewed
 * while it is still good, and nobody waits for that.
 */
@Singleton
final class AccessTokens {
  /** Connections with a token; of more, the one that was used longest ago loses its own. */
  private static final int MAX_CONNECTIONS = 4_000;

  /** Looked at when one has to go. */
  private static final int EVICTION_SAMPLE = 64;

  /** After which a token that is still good is dropped. */
  private static final Duration MAX_IDLE = Duration.ofHours(1);

  /** Left to an attempt when a request ends that had less time than it: then it asks itself. */
  private static final Duration WORTH_ANOTHER = Duration.ofSeconds(1);

  private static final Duration TIMER_MARGIN = Duration.ofMillis(5);
  private static final Duration SWEEP_INTERVAL = Duration.ofMinutes(1);

  private final Map<UUID, TokenSlot> slots = new ConcurrentHashMap<>();
  private final AtomicLong numbers = new AtomicLong();
  private final TokenEndpoint endpoint;
  private final TokenTimers timers;
  private volatile Runnable sweeping = () -> {};

  @Inject
  AccessTokens(Egress egress, Vertx vertx, InstantSource clock) {
    this(egress::send, new VertxTokenTimers(vertx), clock);
    sweepLater();
  }

  AccessTokens(Sender sender, TokenTimers timers, InstantSource clock) {
    this.endpoint =
        new TokenEndpoint(
            request -> sender.send(request, request.deadline(), true, () -> true), clock);
    this.timers = timers;
  }

  /**
   * The connection's token. Waits only when there is none that is good: for the one request that is
   * under way then, and no longer than the attempt may take. The Uni does not fail, and completes
   * on the Vert.x context of its subscriber, if there is one.
   *
   * @param grant with what to ask; called at once and only when a request is made
   * @param within what is left of the attempt's time
   */
  Uni<TokenResult> get(
      CredentialVersion version, Supplier<ClientGrant> grant, TenantId tenant, Duration within) {
    long until = timers.nanos() + within.toNanos();
    return once(version, grant, tenant, within)
        .chain(
            result -> {
              Duration left = Duration.ofNanos(until - timers.nanos());
              return TokenEndpoint.TOO_LATE.equals(result) && left.compareTo(WORTH_ANOTHER) >= 0
                  ? get(version, grant, tenant, left)
                  : Uni.createFrom().item(result);
            });
  }

  private Uni<TokenResult> once(
      CredentialVersion version, Supplier<ClientGrant> grant, TenantId tenant, Duration within) {
    return Uni.createFrom()
        .emitter(
            emitter -> {
              TokenWaiter waiter = new TokenWaiter(emitter);
              TokenSlot slot = slot(version.connection());
              Claim claim = slot.claim(version, within, waiter);
              while (claim == null) {
                slots.remove(version.connection(), slot);
                slot = slot(version.connection());
                claim = slot.claim(version, within, waiter);
              }
              if (claim.begun() != null) {
                begin(slot, claim.begun(), grant, tenant, within);
              }
              Granted granted = claim.granted();
              if (granted != null) {
                waiter.tell(() -> granted);
              } else if (claim.awaited() != null) {
                limit(waiter, claim.awaited(), within);
              }
            });
  }

  /** A token that is asked for now, used once, and not kept. The Uni does not fail. */
  Uni<TokenResult> fresh(ClientGrant grant, TenantId tenant, Duration within) {
    return endpoint
        .ask(() -> grant, tenant, within)
        .map(
            asked -> {
              TokenAnswer.Token token = asked.token();
              return token == null
                  ? asked.failure()
                  : new Granted(token.value(), () -> false, numbers.incrementAndGet());
            });
  }

  /** Drops a token that the receiver has refused, unless another one has taken its place. */
  void drop(CredentialVersion version, Granted refused) {
    TokenSlot slot = slots.get(version.connection());
    if (slot != null) {
      slot.drop(refused.number());
    }
  }

  /** Drops what is kept of a connection that has changed or is no more. */
  void forget(UUID connection) {
    TokenSlot slot = slots.remove(connection);
    if (slot != null) {
      slot.remove();
    }
  }

  /** Connections that have a slot. */
  int size() {
    return slots.size();
  }

  /** Drops tokens that have ended, or that nobody uses. */
  void sweep() {
    slots.forEach(
        (connection, slot) -> {
          if (slot.removeIfIdle(MAX_IDLE)) {
            slots.remove(connection, slot);
          }
        });
  }

  @PreDestroy
  void close() {
    sweeping.run();
    slots.keySet().forEach(this::forget);
  }

  private void sweepLater() {
    sweeping =
        timers.after(
            SWEEP_INTERVAL.toMillis(),
            () -> {
              sweep();
              sweepLater();
            });
  }

  private TokenSlot slot(UUID connection) {
    TokenSlot slot = slots.get(connection);
    if (slot == null && slots.size() >= MAX_CONNECTIONS) {
      evict();
    }
    return slot == null ? slots.computeIfAbsent(connection, any -> new TokenSlot(timers)) : slot;
  }

  private void evict() {
    slots.entrySet().stream()
        .limit(EVICTION_SAMPLE)
        .filter(entry -> entry.getValue().isAtRest())
        .min(Comparator.comparingLong(entry -> entry.getValue().usedAt() - timers.nanos()))
        .ifPresent(entry -> forget(entry.getKey()));
  }

  /** Goes on whatever becomes of the attempt that began it. */
  private void begin(
      TokenSlot slot,
      Renewal renewal,
      Supplier<ClientGrant> grant,
      TenantId tenant,
      Duration within) {
    endpoint
        .ask(grant, tenant, within)
        .subscribe()
        .with(
            asked -> {
              TokenAnswer.Token token = asked.token();
              if (token == null) {
                failed(slot, renewal, asked.failure());
              } else {
                granted(slot, renewal, token);
              }
            });
  }

  private void failed(TokenSlot slot, Renewal renewal, Failed failed) {
    Duration wait = failed.retryAfter();
    boolean late = timers.nanos() - renewal.deadline() >= -TIMER_MARGIN.toNanos();
    slot.failed(renewal, wait == null ? Duration.ZERO : wait)
        .forEach(waiter -> waiter.tell(() -> late ? TokenEndpoint.TOO_LATE : failed));
  }

  private void granted(TokenSlot slot, Renewal renewal, TokenAnswer.Token token) {
    long number = numbers.incrementAndGet();
    slot.granted(renewal, token, number)
        .forEach(waiter -> waiter.tell(() -> slot.granted(token, number)));
    token.value().close();
  }

  /** For an attempt that has less time than the renewal that it waits for. */
  private void limit(TokenWaiter waiter, Renewal awaited, Duration within) {
    if (timers.nanos() + within.toNanos() - awaited.deadline() < 0) {
      long millis = Math.max(1, within.toMillis());
      waiter.until(timers.after(millis, () -> waiter.tell(() -> TokenEndpoint.TOO_LATE)));
    }
  }
}
