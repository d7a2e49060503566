package io.fastyoke.integrations.dispatch;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.fastyoke.integrations.delivery.TraceParent;
import io.fastyoke.integrations.events.Event;
import io.fastyoke.integrations.http.Timestamps;
import io.fastyoke.integrations.queue.ClaimedRun;
import io.fastyoke.integrations.queue.Completion;
import io.fastyoke.integrations.queue.Completion.Next;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * One line for each attempt, as JSON with the same keys in every line, for whoever reads logs by a
 * machine. Nothing of what a tenant or a receiver wrote is in it; the ids lead to the event log,
 * which has every attempt.
 *
 * <p>No more than {@code ATTEMPT_LOG_PER_SECOND} lines a second: half of them for successes and
 * half for all else, so that neither hides the other. What was left out is counted in a line of its
 * own a second later.
 */
@Singleton
public class AttemptLog {
  /** Of a line, in this order. */
  static final List<String> KEYS =
      List.of(
          "timestamp",
          "event",
          "tenant_id",
          "run_id",
          "delivery_id",
          "connection_id",
          "action_index",
          "attempt",
          "provider",
          "outcome",
          "code",
          "status",
          "duration_ms",
          "queue_wait_ms",
          "next",
          "retry_in_ms",
          "trace_id");

  /** Its own handler writes nothing around a line (application.properties). */
  static final String CATEGORY = "fastyoke.attempts";

  private static final Logger LOG = Logger.getLogger(CATEGORY);
  private static final long TOLD_AFTER_MS = 1_000;

  private final InstantSource clock;
  private final Timers timers;
  private final Budget successes;
  private final Budget others;
  private boolean tells;

  AttemptLog(
      InstantSource clock,
      Timers timers,
      @ConfigProperty(name = "fastyoke.attempt-log-per-second") int perSecond) {
    this.clock = clock;
    this.timers = timers;
    this.successes = new Budget(perSecond / 2);
    this.others = new Budget(perSecond - perSecond / 2);
  }

  /** Lines of one kind in the current second. */
  private static final class Budget {
    private final int perSecond;
    private long since;
    private int written;
    private long leftOut;

    Budget(int perSecond) {
      this.perSecond = perSecond;
    }

    boolean take(long now) {
      if (written == 0 || now - since >= TimeUnit.SECONDS.toNanos(1)) {
        since = now;
        written = 0;
      }
      if (written < perSecond) {
        written++;
        return true;
      }
      leftOut++;
      return false;
    }

    long told() {
      long told = leftOut;
      leftOut = 0;
      return told;
    }
  }

  /**
   * @param completion after an attempt, or after finding that there is nothing to attempt
   */
  void attempted(Completion completion) {
    Event event = completion.events().get(0);
    if (others.perSecond > 0 && mayWrite(event)) {
      LOG.info(line(completion, event));
    }
  }

  private boolean mayWrite(Event event) {
    boolean tellsNow;
    synchronized (this) {
      Budget budget = event.outcome() == Event.Outcome.SUCCESS ? successes : others;
      if (budget.take(timers.nanos())) {
        return true;
      }
      tellsNow = !tells;
      tells = true;
    }
    if (tellsNow) {
      timers.after(TOLD_AFTER_MS, this::tell);
    }
    return false;
  }

  private void tell() {
    long success;
    long other;
    synchronized (this) {
      tells = false;
      success = successes.told();
      other = others.told();
    }
    LOG.info(
        new Line("attempts_left_out", clock.instant())
            .put("success", success)
            .put("other", other)
            .end());
  }

  private static String line(Completion completion, Event event) {
    ClaimedRun run = completion.run();
    Duration waited = run.claim().waited();
    String trace = run.current().traceparent();
    Next next = completion.next();
    return new Line("attempt", event.occurredAt())
        .put("tenant_id", run.tenant().value())
        .put("run_id", run.id())
        .put("delivery_id", run.progress().deliveryId())
        .put("connection_id", event.connectionId())
        .put("action_index", run.index())
        .put("attempt", run.attempt())
        .put("provider", event.provider())
        .put("outcome", event.outcome().wire())
        .put("code", event.error() == null ? null : event.error().code())
        .put("status", event.answer() == null ? null : event.answer().status())
        .put("duration_ms", event.durationMs())
        .put("queue_wait_ms", waited == null ? null : waited.toMillis())
        .put("next", name(next))
        .put("retry_in_ms", next instanceof Next.Later later ? later.delay().toMillis() : null)
        .put("trace_id", trace == null ? null : TraceParent.context(trace).getTraceId())
        .end();
  }

  private static String name(Next next) {
    if (next instanceof Next.Finish) {
      return "finish";
    }
    return next instanceof Next.Later ? "retry" : "next_action";
  }

  /** Written by hand: there is nothing to look up or to allocate for it. */
  private static final class Line {
    private final StringBuilder json = new StringBuilder(512);

    Line(String event, Instant at) {
      json.append('{');
      put("timestamp", Timestamps.format(at));
      put("event", event);
    }

    Line put(String key, @Nullable Object value) {
      json.append(json.length() == 1 ? "\"" : ",\"").append(key).append("\":");
      if (value == null || value instanceof Number) {
        json.append(value);
      } else {
        json.append('"');
        JsonStringEncoder.getInstance().quoteAsString(value.toString(), json);
        json.append('"');
      }
      return this;
    }

    String end() {
      return json.append('}').toString();
    }
  }
}
