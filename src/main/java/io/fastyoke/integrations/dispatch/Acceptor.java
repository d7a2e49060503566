package io.fastyoke.integrations.dispatch;

import io.fastyoke.integrations.database.DatabaseFailure;
import io.fastyoke.integrations.database.TimeOrderedIds;
import io.fastyoke.integrations.errors.ApiException;
import io.fastyoke.integrations.errors.ErrorCode;
import io.fastyoke.integrations.http.Detached;
import io.fastyoke.integrations.identity.TenantId;
import io.fastyoke.integrations.plan.Run;
import io.fastyoke.integrations.plan.RunCodec;
import io.fastyoke.integrations.plan.RunPlan;
import io.fastyoke.integrations.queue.EnqueueResult;
import io.fastyoke.integrations.queue.NewRun;
import io.fastyoke.integrations.queue.RunQueue;
import io.fastyoke.integrations.queue.RunRef;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Takes a checked plan, makes a run of it, and starts it at once if this replica has a permit for
 * it, or has one in a moment.
 */
@ApplicationScoped
public class Acceptor {
  /**
   * A caller whose run is not on disk by then is told to come back; the idempotency key makes that
   * safe.
   */
  private static final Duration ENQUEUE_TIMEOUT = Duration.ofSeconds(2);

  /**
   * The depth of the queue is measured every two seconds, and a full queue takes longer to drain.
   */
  private static final int QUEUE_RETRY_AFTER_SECONDS = 5;

  /** Before another look at a key that a request fired in SQL holds. */
  private static final Duration KEY_HELD_DELAY = Duration.ofMillis(10);

  private static final long MAX_LOOKS = ENQUEUE_TIMEOUT.dividedBy(KEY_HELD_DELAY);

  private final RunQueue queue;
  private final LostClaims lostClaims;
  private final RunStarter starter;
  private final Permits permits;
  private final ConcurrencyLimiter limiter;
  private final WorkListener listener;
  private final RunMetrics metrics;
  private final RunTraces traces;
  private final NewRuns runs;
  private final InstantSource clock;

  Acceptor(
      RunQueue queue,
      LostClaims lostClaims,
      RunStarter starter,
      Permits permits,
      ConcurrencyLimiter limiter,
      WorkListener listener,
      RunMetrics metrics,
      RunTraces traces,
      RunCodec codec,
      InstantSource clock) {
    this.queue = queue;
    this.lostClaims = lostClaims;
    this.starter = starter;
    this.permits = permits;
    this.limiter = limiter;
    this.listener = listener;
    this.metrics = metrics;
    this.traces = traces;
    this.runs = new NewRuns(codec);
    this.clock = clock;
  }

  /**
   * A run that is on disk.
   *
   * @param repeated whether it was accepted by an earlier request with the same key
   */
  public record Receipt(Run run, boolean repeated) {}

  /**
   * Accepts a run.
   *
   * @param idempotencyKey null for none: every call is a new run
   * @throws ApiException 422 when the key was used for another request; 503 when the database does
   *     not take it, or when too many runs wait already
   */
  public Uni<Receipt> accept(
      TenantId tenant,
      RunPlan plan,
      boolean ordered,
      @Nullable String idempotencyKey,
      @Nullable UUID replayOf) {
    return traces.accepting(
        plan, traced -> acceptTraced(tenant, traced, ordered, idempotencyKey, replayOf));
  }

  private Uni<Receipt> acceptTraced(
      TenantId tenant,
      RunPlan plan,
      boolean ordered,
      @Nullable String idempotencyKey,
      @Nullable UUID replayOf) {
    if (limiter.isClosed()) {
      throw ApiException.unavailable("The service is shutting down.", 1);
    }
    if (queue.isBehind()) {
      throw ApiException.unavailable("The service is behind; nothing was stored.", 1);
    }
    if (queue.isFull()) {
      throw ApiException.unavailable(
          "Too many runs wait; nothing was stored.", QUEUE_RETRY_AFTER_SECONDS);
    }
    long began = System.nanoTime();
    NewRun run = newRun(tenant, plan, ordered, idempotencyKey, replayOf);
    // Also when the caller has gone: what is claimed must be executed, and the permit closed.
    return Detached.of(
            Uni.createFrom()
                .deferred(() -> permits.forNewRun(tenant, run.request().size()))
                .chain(permit -> write(run, permit, began)))
        .ifNoItem()
        .after(ENQUEUE_TIMEOUT)
        .failWith(
            () ->
                ApiException.unavailable(
                    "The database does not answer. Repeat the request with the same Idempotency-Key.",
                    1))
        .emitOn(CallerContext.here())
        .map(outcome -> receipt(outcome, run));
  }

  private Uni<EnqueueResult> write(NewRun run, Optional<Permit> permit, long began) {
    return enqueue(permit.isPresent() ? run.starting() : run, MAX_LOOKS)
        .onFailure(DatabaseFailure::isLostConnection)
        .retry()
        .atMost(1)
        .invoke(outcome -> written(run, permit, outcome, began))
        .onFailure()
        .invoke(() -> notWritten(run, permit));
  }

  private Uni<EnqueueResult> enqueue(NewRun run, long looks) {
    return queue
        .enqueue(run)
        .chain(
            result -> {
              if (!(result instanceof EnqueueResult.KeyHeld)) {
                return Uni.createFrom().item(result);
              }
              if (looks == 0) {
                throw ApiException.unavailable(
                    "A run with this Idempotency-Key is being stored. Repeat the request.", 1);
              }
              return Uni.createFrom()
                  .voidItem()
                  .onItem()
                  .delayIt()
                  .by(KEY_HELD_DELAY)
                  .chain(() -> enqueue(run, looks - 1));
            });
  }

  private void written(NewRun run, Optional<Permit> permit, EnqueueResult outcome, long began) {
    if (outcome instanceof EnqueueResult.Started started) {
      metrics.accepted(began);
      starter.start(started.run(), permit.orElseThrow());
      return;
    }
    permit.ifPresent(Permit::close);
    if (outcome instanceof EnqueueResult.Queued queued) {
      metrics.accepted(began);
      if (!queued.blocked()) {
        limiter.queued(run.tenant());
        listener.runQueued(run.tenant());
      }
    } else {
      metrics.repeated();
    }
  }

  /** It may be on disk all the same, claimed under its own id. */
  private void notWritten(NewRun run, Optional<Permit> permit) {
    permit.ifPresent(
        held -> {
          lostClaims.add(run.id());
          held.close();
        });
  }

  private static Receipt receipt(EnqueueResult outcome, NewRun run) {
    if (outcome instanceof EnqueueResult.Repeated repeated) {
      boolean own = repeated.run().id().equals(run.id());
      if (!own && !MessageDigest.isEqual(repeated.requestHash(), run.key().requestHash())) {
        throw ApiException.of(
            ErrorCode.IDEMPOTENCY_KEY_REUSED,
            "This Idempotency-Key was used for another request. Use a new key for a new request.");
      }
      return new Receipt(repeated.run(), !own);
    }
    return new Receipt(
        outcome instanceof EnqueueResult.Queued queued ? queued.run() : run.view(), false);
  }

  private NewRun newRun(
      TenantId tenant,
      RunPlan plan,
      boolean ordered,
      @Nullable String idempotencyKey,
      @Nullable UUID replayOf) {
    Instant now = clock.instant().truncatedTo(java.time.temporal.ChronoUnit.MILLIS);
    RunRef ref = new RunRef(TimeOrderedIds.next(now), tenant, plan.jobId(), replayOf, now);
    NewRun run = runs.pending(ref, plan, ordered, idempotencyKey, now);
    if (!queue.hasRoomFor(run.request().size())) {
      throw ApiException.unavailable("The service is behind; nothing was stored.", 1);
    }
    return run;
  }
}
