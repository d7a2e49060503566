package io.fastyoke.integrations.plan;

import com.fasterxml.jackson.databind.JsonNode;
import io.fastyoke.integrations.http.Uuids;
import io.fastyoke.integrations.identity.Caller.Actor;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A validated request, stored with the run ({@link RunCodec}) and immutable.
 *
 * @param actor who made the request
 * @param traceparent W3C trace context of the request, version 00; null without one
 */
public record RunPlan(
    @Nullable JsonNode job,
    @Nullable JsonNode transition,
    @Nullable JsonNode context,
    Actor actor,
    List<PlannedAction> actions,
    @Nullable String traceparent) {

  /** A plan without trace context. */
  public RunPlan(
      @Nullable JsonNode job,
      @Nullable JsonNode transition,
      @Nullable JsonNode context,
      Actor actor,
      List<PlannedAction> actions) {
    this(job, transition, context, actor, actions, null);
  }

  /** The same plan as part of a trace; see {@link #traceparent}. */
  public RunPlan tracedBy(@Nullable String parent) {
    return new RunPlan(job, transition, context, actor, actions, parent);
  }

  /** One action, with its defaults filled in. */
  public record PlannedAction(
      String actionType,
      PayloadTemplate payloadTemplate,
      boolean continueOnFailure,
      @Nullable RetryOptions retry) {

    /** The connection's id; null if it is not a valid id. */
    public @Nullable UUID connectionId() {
      String id = payloadTemplate.connectionId();
      return id == null ? null : Uuids.parse(id).orElse(null);
    }
  }

  /** The type of the event that caused the transition, if given. */
  public @Nullable String transitionEventType() {
    JsonNode type = transition == null ? null : transition.get("event_type");
    return type == null || !type.isTextual() ? null : type.textValue();
  }

  /** The job's id as text, if there is one. */
  public @Nullable String jobId() {
    JsonNode id = job == null ? null : job.get("id");
    return id == null || !id.isValueNode() || id.isNull() ? null : id.asText();
  }
}
