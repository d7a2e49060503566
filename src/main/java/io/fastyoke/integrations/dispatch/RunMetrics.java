package io.fastyoke.integrations.dispatch;

import io.fastyoke.integrations.connections.SealedConnection;
import io.fastyoke.integrations.delivery.ActionOutcome;
import io.fastyoke.integrations.plan.Run;
import io.fastyoke.integrations.queue.ClaimedRun;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.quarkus.runtime.Startup;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;

/** What an operator watches. No tag ever holds a name, an address or an id that a tenant chose. */
@ApplicationScoped
@Startup // a metric that is not there yet cannot raise an alarm
public class RunMetrics {
  /** Of what the database takes part in: a round trip to several seconds of an outage. */
  private static final Duration[] ACCEPT_BUCKETS =
      millis(1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000);

  /** From a permit that is free at once to an hour behind others. */
  private static final Duration[] WAIT_BUCKETS =
      millis(
          10, 50, 100, 250, 500, 1000, 2500, 5000, 10_000, 30_000, 60_000, 300_000, 900_000,
          3_600_000);

  /** From a receiver next door to the longest time-out of a connection. */
  private static final Duration[] ATTEMPT_BUCKETS =
      millis(5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000, 30_000, 60_000);

  private final MeterRegistry registry;
  private final Counter accepted;
  private final Counter repeated;
  private final Counter leasesLost;
  private final Timer accept;
  private final Timer queueWait;
  private final Map<Run.Status, Counter> finished = new EnumMap<>(Run.Status.class);
  private final Map<AttemptKind, Timer> attempts = new ConcurrentHashMap<>();

  /**
   * What attempts are told apart by; the registry would build and compare tags for each of them.
   */
  private record AttemptKind(String provider, String outcome) {}

  RunMetrics(MeterRegistry registry, ConcurrencyLimiter limiter) {
    this.registry = registry;
    this.accepted =
        Counter.builder("fastyoke.runs.accepted")
            .description("Runs put on disk")
            .register(registry);
    this.repeated =
        Counter.builder("fastyoke.runs.repeated")
            .description("Requests answered from an earlier run with the same idempotency key")
            .register(registry);
    this.leasesLost =
        Counter.builder("fastyoke.leases.lost")
            .description("Outcomes that this replica could not record: another had taken the run")
            .register(registry);
    this.accept =
        Timer.builder("fastyoke.accept")
            .description("From a checked request to its run on disk, with the wait for a permit")
            .serviceLevelObjectives(ACCEPT_BUCKETS)
            .register(registry);
    this.queueWait =
        Timer.builder("fastyoke.queue.wait")
            .description("How long a due run waited to be claimed; 0 for what started at once")
            .serviceLevelObjectives(WAIT_BUCKETS)
            .register(registry);
    for (Run.Status status :
        List.of(Run.Status.SUCCEEDED, Run.Status.FAILED, Run.Status.CANCELLED)) {
      finished.put(status, registry.counter("fastyoke.runs.finished", "status", status.wire()));
    }
    Gauge.builder("fastyoke.attempts.in.flight", limiter, ConcurrencyLimiter::inFlight)
        .description("Attempts in flight on this replica")
        .register(registry);
    Gauge.builder("fastyoke.attempts.limit", limiter, ConcurrencyLimiter::limit)
        .description("WORKER_CONCURRENCY: attempts that may be in flight, without the reserve")
        .register(registry);
  }

  /**
   * @param began {@link System#nanoTime()} when the request was checked
   */
  void accepted(long began) {
    accepted();
    accept.record(System.nanoTime() - began, TimeUnit.NANOSECONDS);
  }

  /** Without a request that waits for it: fired in SQL. */
  void accepted() {
    accepted.increment();
  }

  void repeated() {
    repeated.increment();
  }

  void started(ClaimedRun run) {
    Duration waited = run.claim().waited();
    if (waited != null) {
      queueWait.record(waited);
    }
  }

  void leaseLost() {
    leasesLost.increment();
  }

  void attempt(ClaimedRun run, ActionOutcome outcome) {
    SealedConnection connection = run.connection();
    Integer ms = outcome.durationMs();
    attempts
        .computeIfAbsent(
            new AttemptKind(connection == null ? "none" : connection.provider(), name(outcome)),
            this::timer)
        .record(ms == null ? 0 : ms, TimeUnit.MILLISECONDS);
  }

  private Timer timer(AttemptKind kind) {
    return Timer.builder("fastyoke.attempts")
        .description("Attempts by provider and outcome")
        .tag("provider", kind.provider())
        .tag("outcome", kind.outcome())
        .serviceLevelObjectives(ATTEMPT_BUCKETS)
        .register(registry);
  }

  void finished(Run run) {
    Counter counter = finished.get(run.status());
    if (counter != null) {
      counter.increment();
    }
  }

  private static Duration[] millis(long... bounds) {
    return LongStream.of(bounds).mapToObj(Duration::ofMillis).toArray(Duration[]::new);
  }

  private static String name(ActionOutcome outcome) {
    if (outcome instanceof ActionOutcome.Delivered) {
      return "delivered";
    }
    if (outcome instanceof ActionOutcome.Refused) {
      return "refused";
    }
    if (outcome instanceof ActionOutcome.NotReached) {
      return "not_reached";
    }
    if (outcome instanceof ActionOutcome.NoToken) {
      return "no_token";
    }
    if (outcome instanceof ActionOutcome.Unanswered) {
      return "unanswered";
    }
    return outcome instanceof ActionOutcome.Interrupted ? "interrupted" : "not_tried";
  }
}
