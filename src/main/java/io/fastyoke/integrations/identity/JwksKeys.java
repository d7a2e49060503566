package io.fastyoke.integrations.identity;

import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Keys of a published set, kept in memory. An unknown key id waits for one fresh read, but at most
 * one read starts every {@link #MIN_INTERVAL}, so that made-up ids cannot be used to flood the
 * publisher. When a read fails, the last good set stays in use for six hours.
 */
final class JwksKeys implements KeySource {
  /** Minimum time between two reads caused by unknown key ids. */
  static final Duration MIN_INTERVAL = Duration.ofSeconds(10);

  /** How long the last good set is used while reads fail. */
  static final Duration MAX_USE = Duration.ofHours(6);

  private static final Logger LOG = Logger.getLogger(JwksKeys.class);

  private final Supplier<Uni<? extends String>> fetch;
  private final Supplier<Executor> here;
  private final InstantSource clock;
  private final Runnable changed;
  private @Nullable KeySet keys;
  private String read = "";
  private Instant readAt = Instant.MIN;
  private @Nullable Instant lastRead;
  private @Nullable Uni<Void> reading;

  /**
   * @param fetch reads the set's JSON, with bounded size and time
   * @param here supplies the current request's context, on which it continues after a shared read
   * @param changed called when the set has changed
   */
  JwksKeys(
      Supplier<Uni<? extends String>> fetch,
      Supplier<Executor> here,
      InstantSource clock,
      Runnable changed) {
    this.changed = changed;
    this.fetch = fetch;
    this.here = here;
    this.clock = clock;
  }

  @Override
  public Uni<VerificationKey> find(@Nullable String kid) {
    VerificationKey known = lookUp(kid);
    if (known != null) {
      return Uni.createFrom().item(known);
    }
    Uni<Void> refreshed = refreshIfDue();
    // A memoized Uni may complete on another thread before the subscription is set up; an emitter
    // does not.
    return Uni.createFrom()
        .<Void>emitter(emitter -> refreshed.subscribe().with(emitter::complete, emitter::fail))
        .emitOn(here.get())
        .map(done -> require(kid));
  }

  /** Reads the set now, or joins the read that is under way. Never fails. */
  synchronized Uni<Void> refresh() {
    if (reading == null) {
      lastRead = clock.instant();
      reading =
          Uni.createFrom()
              .<String>deferred(fetch)
              .onItem()
              .invoke(this::accept)
              .onFailure()
              .invoke(JwksKeys::report)
              .onFailure()
              .invoke(this::dropIfOld)
              .onFailure()
              .recoverWithNull()
              .replaceWithVoid()
              .onTermination()
              .invoke(this::finished)
              .memoize()
              .indefinitely();
    }
    return reading;
  }

  private synchronized Uni<Void> refreshIfDue() {
    boolean due = lastRead == null || !clock.instant().isBefore(lastRead.plus(MIN_INTERVAL));
    return reading != null || due ? refresh() : Uni.createFrom().voidItem();
  }

  private synchronized @Nullable VerificationKey lookUp(@Nullable String kid) {
    return keys == null ? null : keys.find(kid).orElse(null);
  }

  private VerificationKey require(@Nullable String kid) {
    VerificationKey key = lookUp(kid);
    if (key != null) {
      return key;
    }
    throw loaded() ? new RefusedTokenException("unknown key") : new KeysUnavailableException();
  }

  private synchronized boolean loaded() {
    return keys != null;
  }

  private void accept(String json) {
    if (take(json)) {
      changed.run();
    }
  }

  private synchronized boolean take(String json) {
    keys = KeySet.parse(json);
    readAt = clock.instant();
    boolean other = !json.equals(read);
    read = json;
    return other;
  }

  /**
   * Bounds the use of an old set: keys may have been withdrawn while the publisher was unreachable.
   */
  private void dropIfOld() {
    synchronized (this) {
      if (keys == null || clock.instant().isBefore(readAt.plus(MAX_USE))) {
        return;
      }
      keys = null;
      read = "";
    }
    LOG.errorf(
        "JWT_JWKS_URL could not be read for %d hours: no token is accepted until it can be.",
        MAX_USE.toHours());
    changed.run();
  }

  private synchronized void finished() {
    reading = null;
  }

  private static void report(Throwable failure) {
    LOG.warnf("The key set of JWT_JWKS_URL could not be read: %s", failure.getMessage());
  }
}
