package io.fastyoke.integrations.dispatch;

import io.fastyoke.integrations.delivery.TraceParent;
import io.fastyoke.integrations.dispatch.Acceptor.Receipt;
import io.fastyoke.integrations.errors.ApiException;
import io.fastyoke.integrations.events.Event;
import io.fastyoke.integrations.plan.RunPlan;
import io.fastyoke.integrations.queue.ClaimedRun;
import io.fastyoke.integrations.queue.Completion;
import io.fastyoke.integrations.queue.RecordOutcomes.Recorded;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.function.Function;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/**
 * The spans of a run (OpenTelemetry): {@code accept}, below it {@code attempt} for each attempt on
 * whichever replica, and below that {@code record}. The context of {@code accept} is stored with
 * the run, and that of an attempt goes to its receiver. Their attributes are ids of this service,
 * numbers and words of fixed lists: nothing that a tenant or a receiver wrote.
 *
 * <p>Made by hand, with explicit parents: what the framework would make for every request and
 * statement holds addresses, and costs something even when nobody listens. When traces are off each
 * method returns what it was given.
 */
@Singleton
public class RunTraces {
  private final @Nullable Tracer tracer;

  @Inject
  RunTraces(
      OpenTelemetry telemetry, @ConfigProperty(name = "quarkus.otel.sdk.disabled") boolean off) {
    this(off ? null : telemetry.getTracer("io.fastyoke.integrations"));
  }

  private RunTraces(@Nullable Tracer tracer) {
    this.tracer = tracer;
  }

  /** None. */
  static RunTraces off() {
    return new RunTraces(null);
  }

  /**
   * @param accept puts the plan that it is given on disk
   */
  Uni<Receipt> accepting(RunPlan plan, Function<RunPlan, Uni<Receipt>> accept) {
    Tracer on = tracer;
    if (on == null) {
      return accept.apply(plan);
    }
    Span span = begin(on.spanBuilder("accept").setSpanKind(SpanKind.SERVER), plan.traceparent());
    return Uni.createFrom()
        .deferred(() -> accept.apply(plan.tracedBy(context(span))))
        .onTermination()
        .invoke((receipt, failure, gone) -> accepted(span, receipt, failure));
  }

  private static void accepted(Span span, @Nullable Receipt receipt, @Nullable Throwable failure) {
    if (receipt != null) {
      span.setAttribute("fastyoke.run_id", receipt.run().id().toString());
      span.setAttribute("fastyoke.repeated", receipt.repeated());
    }
    if (failure != null) {
      failed(span, failure instanceof ApiException known ? known.code().wire() : "internal");
    }
    span.end();
  }

  /**
   * @param attempt makes the attempt, and sends its context on
   */
  Uni<Completion> attempting(ClaimedRun run, Function<ClaimedRun, Uni<Completion>> attempt) {
    Tracer on = tracer;
    if (on == null) {
      return attempt.apply(run);
    }
    Span span =
        begin(on.spanBuilder("attempt").setSpanKind(SpanKind.CLIENT), run.plan().traceparent());
    return Uni.createFrom()
        .deferred(() -> attempt.apply(run.tracedBy(context(span))))
        .onTermination()
        .invoke((completion, failure, gone) -> attempted(span, run, completion));
  }

  private static void attempted(Span span, ClaimedRun run, @Nullable Completion completion) {
    span.setAttribute("fastyoke.run_id", run.id().toString());
    span.setAttribute("fastyoke.delivery_id", run.progress().deliveryId().toString());
    span.setAttribute("fastyoke.action_index", run.index());
    span.setAttribute("fastyoke.attempt", run.attempt());
    Duration waited = run.claim().waited();
    if (waited != null) {
      span.setAttribute("fastyoke.queue_wait_ms", waited.toMillis());
    }
    if (completion == null) {
      failed(span, "internal");
    } else if (completion.events().isEmpty()) {
      span.setAttribute("fastyoke.outcome", "given_back");
    } else {
      outcome(span, completion.events().get(0));
    }
    span.end();
  }

  private static void outcome(Span span, Event event) {
    span.setAttribute("fastyoke.outcome", event.outcome().wire());
    if (event.provider() != null) {
      span.setAttribute("fastyoke.provider", event.provider());
    }
    if (event.answer() != null) {
      span.setAttribute("http.response.status_code", event.answer().status());
    }
    if (event.error() != null) {
      failed(span, event.error().code());
    }
  }

  /**
   * @param record repeats itself until the completion is written or refused for good
   */
  Uni<Recorded> recording(Completion completion, Uni<Recorded> record) {
    Tracer on = tracer;
    String attempt = completion.run().current().traceparent();
    if (on == null || attempt == null) {
      return record;
    }
    Span span = begin(on.spanBuilder("record"), attempt);
    return record
        .onTermination()
        .invoke(
            (recorded, failure, gone) -> {
              span.setAttribute("fastyoke.run_id", completion.run().id().toString());
              span.setAttribute("fastyoke.recorded", recorded instanceof Recorded.Written);
              if (failure != null) {
                failed(span, "internal");
              }
              span.end();
            });
  }

  /** A code of ours; the message of an exception may quote what was sent. */
  private static void failed(Span span, String code) {
    span.setAttribute("error.type", code);
    span.setStatus(StatusCode.ERROR);
  }

  /** Never below the span that a thread happens to have. */
  private static Span begin(SpanBuilder span, @Nullable String parent) {
    SpanContext context = TraceParent.context(parent);
    return context.isValid()
        ? span.setParent(Context.root().with(Span.wrap(context))).startSpan()
        : span.setNoParent().startSpan();
  }

  private static String context(Span span) {
    return TraceParent.of(span.getSpanContext());
  }
}
