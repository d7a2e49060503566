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

/** What an operator watches. No tag ever holds a name, an address or an id that a tenant chose. */
@ApplicationScoped
@Startup // a metric that is not there yet cannot raise an alarm
public class RunMetrics {
  private final MeterRegistry registry;
  private final Counter accepted;
  private final Counter repeated;

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
    Gauge.builder("fastyoke.attempts.in.flight", limiter, ConcurrencyLimiter::inFlight)
        .description("Attempts in flight on this replica")
        .register(registry);
  }

  void accepted() {
    accepted.increment();
  }

  void repeated() {
    repeated.increment();
  }

  void attempt(ClaimedRun run, ActionOutcome outcome) {
    SealedConnection connection = run.connection();
    Integer ms = outcome.durationMs();
    Timer.builder("fastyoke.attempts")
        .description("Attempts by provider and outcome")
        .tag("provider", connection == null ? "none" : connection.provider())
        .tag("outcome", name(outcome))
        .publishPercentileHistogram(false)
        .register(registry)
        .record(Duration.ofMillis(ms == null ? 0 : ms));
  }

  void finished(Run run) {
    registry.counter("fastyoke.runs.finished", "status", run.status().wire()).increment();
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
