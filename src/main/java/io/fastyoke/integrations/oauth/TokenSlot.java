package io.fastyoke.integrations.oauth;

import io.fastyoke.integrations.oauth.TokenResult.Granted;
import io.fastyoke.integrations.vault.Secret;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The token of one connection, and the one request that renews it. Its lock is held for a few
 * instructions only, and never while an attempt is told.
 */
final class TokenSlot {
  /** A token is sent until this long before its end, or a quarter of its life if that is less. */
  private static final Duration MAX_MARGIN = Duration.ofSeconds(5);

  /** It is renewed this long before its end, or half of its life if that is less. */
  private static final Duration MAX_AHEAD = Duration.ofSeconds(60);

  /** Until the next try, when a renewal has failed while the old token is still good. */
  private static final Duration RENEWAL_BACKOFF = Duration.ofSeconds(5);

  private final TokenTimers clock;
  private @Nullable CredentialVersion version;
  private @Nullable Secret token;
  private long number;
  private long endsAt;
  private long renewAt;
  private long usedAt;
  private @Nullable Renewal renewal;
  private boolean removed;

  TokenSlot(TokenTimers clock) {
    this.clock = clock;
    this.usedAt = clock.nanos();
  }

  /** One request for a token, and the attempts that wait for it. */
  static final class Renewal {
    private final List<TokenWaiter> waiters = new ArrayList<>();
    private final long deadline;

    private Renewal(long deadline) {
      this.deadline = deadline;
    }

    /** When it is over at the latest, on the clock of {@link TokenTimers}. */
    long deadline() {
      return deadline;
    }
  }

  /**
   * What an attempt gets.
   *
   * @param granted a copy of a token that is still good; null when the attempt waits
   * @param awaited for what
   * @param begun a renewal that the caller has to begin now
   */
  record Claim(@Nullable Granted granted, @Nullable Renewal awaited, @Nullable Renewal begun) {}

  /**
   * The token, or a place among those who wait for it.
   *
   * @param within how long the attempt may take
   * @return null when this slot is out of use; the caller takes another one then
   */
  synchronized @Nullable Claim claim(
      CredentialVersion wanted, Duration within, TokenWaiter waiter) {
    if (removed) {
      return null;
    }
    long now = clock.nanos();
    usedAt = now;
    if (version == null || !version.isSameAs(wanted)) {
      wipe();
      renewal = null; // of other credentials: it serves only those who wait for it
      version = wanted;
    }
    Secret good = now - endsAt < 0 ? token : null;
    Renewal begun = null;
    if (renewal == null && (good == null || now - renewAt >= 0)) {
      begun = new Renewal(now + within.toNanos());
      renewal = begun;
    }
    if (good != null) {
      return new Claim(copy(good, number, endsAt), null, begun);
    }
    Renewal awaited = renewal;
    if (awaited != null) {
      awaited.waiters.add(waiter);
    }
    return new Claim(null, awaited, begun);
  }

  /**
   * Keeps a new token, unless the credentials have changed meanwhile.
   *
   * @param granted stays the caller's
   * @return who waits for it
   */
  synchronized List<TokenWaiter> granted(Renewal ended, TokenAnswer.Token granted, long asNumber) {
    if (renewal == ended && !removed) {
      wipe();
      renewal = null;
      if (!granted.life().isZero()) {
        long now = clock.nanos();
        long life = granted.life().toNanos();
        token = copy(granted.value());
        number = asNumber;
        endsAt = endOf(now, life);
        renewAt = now + life - Math.min(MAX_AHEAD.toNanos(), life / 2);
      }
    }
    return ended.waiters;
  }

  /**
   * Keeps the old token, if there is one.
   *
   * @param retryAfter how long the token endpoint asks to wait
   * @return who waits for a new one
   */
  synchronized List<TokenWaiter> failed(Renewal ended, Duration retryAfter) {
    if (renewal == ended) {
      renewal = null;
      boolean longer = retryAfter.compareTo(RENEWAL_BACKOFF) > 0;
      renewAt = clock.nanos() + (longer ? retryAfter : RENEWAL_BACKOFF).toNanos();
    }
    return ended.waiters;
  }

  /** A copy for one attempt of a token that has just been granted. */
  Granted granted(TokenAnswer.Token granted, long asNumber) {
    // A life of nothing is a mistake of the server: such a token is sent once and not kept.
    return granted.life().isZero()
        ? new Granted(copy(granted.value()), () -> false, asNumber)
        : copy(granted.value(), asNumber, endOf(clock.nanos(), granted.life().toNanos()));
  }

  /** Drops a token that a receiver has refused; not one that has taken its place. */
  synchronized void drop(long refused) {
    if (number == refused) {
      wipe();
    }
  }

  /** Takes the slot out of use and wipes its token. */
  synchronized void remove() {
    removed = true;
    wipe();
  }

  /** The same, if nothing is lost by it; says so. */
  synchronized boolean removeIfIdle(Duration idle) {
    long now = clock.nanos();
    boolean ended = token == null || now - endsAt >= 0;
    if (renewal == null && (ended || now - usedAt >= idle.toNanos())) {
      remove();
    }
    return removed;
  }

  synchronized boolean isAtRest() {
    return renewal == null;
  }

  synchronized long usedAt() {
    return usedAt;
  }

  private static long endOf(long now, long life) {
    return now + life - Math.min(MAX_MARGIN.toNanos(), life / 4);
  }

  private Granted copy(Secret held, long asNumber, long end) {
    return new Granted(copy(held), () -> clock.nanos() - end >= 0, asNumber);
  }

  private static Secret copy(Secret secret) {
    return Secret.owning(secret.expose().clone());
  }

  private void wipe() {
    if (token != null) {
      token.close();
      token = null;
    }
  }
}
