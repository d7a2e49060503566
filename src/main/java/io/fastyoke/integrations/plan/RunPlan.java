package io.fastyoke.integrations.plan;

import com.fasterxml.jackson.annotation.JsonIgnore;
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
 * @param notice whether it tells the tenant something: such a run is not charged, and nothing is
 *     told about it
 */
public record RunPlan(
    @Nullable JsonNode job,
    @Nullable JsonNode transition,
    @Nullable JsonNode context,
    Actor actor,
    List<PlannedAction> actions,
    @Nullable String traceparent,
    boolean notice) {

  /** A plan without trace context. */
  public RunPlan(
      @Nullable JsonNode job,
      @Nullable JsonNode transition,
      @Nullable JsonNode context,
      Actor actor,
      List<PlannedAction> actions) {
    this(job, transition, context, actor, actions, null, false);
  }

  /** The same plan as part of a trace; see {@link #traceparent}. */
  public RunPlan tracedBy(@Nullable String parent) {
    return new RunPlan(job, transition, context, actor, actions, parent, notice);
  }

  /** The same plan as a notice. */
  public RunPlan asNotice() {
    return new RunPlan(job, transition, context, actor, actions, traceparent, true);
  }

  /**
   * Whether the answer to an action is kept for a later one.
   *
   * @param index of the action in this run
   */
  public boolean namesResponseOf(int index) {
    for (int later = index + 1; later < actions.size(); later++) {
      if (ResponseNames.names(actions.get(later).payloadTemplate(), nameOf(index))) {
        return true;
      }
    }
    return false;
  }

  /**
   * The number by which templates name an action: its index in the run that was fired, of which
   * this run may replay a part.
   */
  public int nameOf(int index) {
    Integer fired = actions.get(index).firedIndex();
    return fired == null ? index : fired;
  }

  /**
   * One action, with its defaults filled in.
   *
   * @param firedIndex its index in the run that this one replays; null when it has the same here
   */
  public record PlannedAction(
      String actionType,
      PayloadTemplate payloadTemplate,
      boolean continueOnFailure,
      @Nullable RetryOptions retry,
      @JsonIgnore @Nullable Integer firedIndex) {

    /** An action whose index is the one that it was fired with. */
    public PlannedAction(
        String actionType,
        PayloadTemplate payloadTemplate,
        boolean continueOnFailure,
        @Nullable RetryOptions retry) {
      this(actionType, payloadTemplate, continueOnFailure, retry, null);
    }

    /** The same action as part of a replay. */
    public PlannedAction replaying(int index) {
      return new PlannedAction(actionType, payloadTemplate, continueOnFailure, retry, index);
    }

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
