package io.fastyoke.integrations.intake;

import com.fasterxml.jackson.databind.JsonNode;
import io.fastyoke.integrations.delivery.RetryPolicy;
import io.fastyoke.integrations.egress.RequestCheck;
import io.fastyoke.integrations.errors.ApiException;
import io.fastyoke.integrations.errors.ErrorCode;
import io.fastyoke.integrations.errors.FieldProblem;
import io.fastyoke.integrations.identity.Caller.Actor;
import io.fastyoke.integrations.intake.RunRequest.Action;
import io.fastyoke.integrations.plan.PayloadTemplate;
import io.fastyoke.integrations.plan.ResponseNames;
import io.fastyoke.integrations.plan.RetryOptions;
import io.fastyoke.integrations.plan.RunPlan;
import io.fastyoke.integrations.plan.RunPlan.PlannedAction;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Validates a request and reports all its problems at once. */
public final class RequestRules {
  /** The only action type that this service executes. */
  static final String WEBHOOK = "WEBHOOK";

  private static final int MAX_ACTIONS = 100;
  private static final int MAX_JOB_ID_LENGTH = 255;

  private final List<FieldProblem> problems = new ArrayList<>();
  private boolean unknownType;

  private RequestRules() {}

  /**
   * The checked request.
   *
   * @throws ApiException 400 {@code validation_failed} or {@code unknown_action_type}, naming every
   *     field
   */
  public static RunPlan check(RunRequest request, Actor actor) {
    RequestRules rules = new RequestRules();
    rules.object("job", request.job());
    rules.jobId(request.job());
    rules.object("transition", request.transition());
    rules.object("context", request.context());
    rules.ordering(request.ordering());
    List<PlannedAction> actions = rules.actions(request.actions());
    if (!rules.problems.isEmpty()) {
      throw ApiException.invalid(
          rules.unknownType ? ErrorCode.UNKNOWN_ACTION_TYPE : ErrorCode.VALIDATION_FAILED,
          rules.problems);
    }
    return new RunPlan(request.job(), request.transition(), request.context(), actor, actions);
  }

  private List<PlannedAction> actions(@Nullable List<@Nullable Action> actions) {
    List<PlannedAction> planned = new ArrayList<>();
    if (actions == null || actions.isEmpty()) {
      problem("actions", "must be a list of at least one action");
      return planned;
    }
    if (actions.size() > MAX_ACTIONS) {
      problem("actions", "must be at most " + MAX_ACTIONS + " actions");
      return planned;
    }
    for (int i = 0; i < actions.size(); i++) {
      PlannedAction action = action(i, actions.get(i));
      if (action != null) {
        planned.add(action);
      }
    }
    return planned;
  }

  private @Nullable PlannedAction action(int index, @Nullable Action action) {
    String at = "actions[" + index + "]";
    if (action == null) {
      problem(at, "must be an object");
      return null;
    }
    if (action.actionType() == null) {
      problem(at + ".action_type", "is required; this service executes WEBHOOK");
    } else if (!action.actionType().equals(WEBHOOK)) {
      unknownType = true;
      problem(at + ".action_type", "is not known; this service executes WEBHOOK");
    }
    template(at + ".payload_template", action.payloadTemplate());
    responses(at + ".payload_template.", index, action.payloadTemplate());
    retry(at + ".retry", action.retry());
    return action.payloadTemplate() == null
        ? null
        : new PlannedAction(
            WEBHOOK,
            action.payloadTemplate(),
            Boolean.TRUE.equals(action.continueOnFailure()),
            action.retry());
  }

  private void template(String at, @Nullable PayloadTemplate template) {
    if (template == null) {
      problem(at, "is required");
      return;
    }
    String id = template.connectionId();
    if (id == null || id.isBlank()) {
      problem(at + ".connection_id", "is required");
    } else if (id.length() > MAX_JOB_ID_LENGTH || hasControl(id)) {
      problem(at + ".connection_id", "is not an id");
    }
    if (template.method() != null && !RequestCheck.METHODS.contains(template.method())) {
      problem(at + ".method", "must be one of " + String.join(", ", RequestCheck.METHODS));
    }
    if (template.headers() != null) {
      template
          .headers()
          .forEach(
              (name, value) -> {
                if (value == null) {
                  problem(at + ".headers." + name, "must be a string");
                }
              });
    }
  }

  /** Only what has been answered before can be named. */
  private void responses(String at, int index, @Nullable PayloadTemplate template) {
    if (template != null) {
      ResponseNames.each(
          template,
          (field, variable) -> {
            if (ResponseNames.index(variable).orElse(0) >= index) {
              problem(at + field, "names " + variable + ", which is not of an earlier action");
            }
          });
    }
  }

  private void retry(String at, @Nullable RetryOptions retry) {
    if (retry == null) {
      return;
    }
    Integer attempts = retry.maxAttempts();
    if (attempts != null && (attempts < 1 || attempts > RetryPolicy.MAX_ATTEMPTS)) {
      problem(at + ".max_attempts", "must be between 1 and " + RetryPolicy.MAX_ATTEMPTS);
    }
    milliseconds(at + ".backoff_ms", retry.backoffMs());
    milliseconds(at + ".max_backoff_ms", retry.maxBackoffMs());
    if (retry.onUnknown() != null && !Set.of("retry", "fail").contains(retry.onUnknown())) {
      problem(at + ".on_unknown", "must be retry or fail");
    }
  }

  private void milliseconds(String at, @Nullable Long value) {
    if (value != null && (value < 1 || value > RetryPolicy.MAX_BACKOFF_MS)) {
      problem(at, "must be between 1 and " + RetryPolicy.MAX_BACKOFF_MS + " milliseconds");
    }
  }

  private void object(String at, @Nullable JsonNode node) {
    if (node != null && !node.isObject() && !node.isNull()) {
      problem(at, "must be an object");
    }
  }

  private void jobId(@Nullable JsonNode job) {
    JsonNode id = job == null ? null : job.get("id");
    if (id == null || id.isNull()) {
      return;
    }
    if (!id.isTextual() && !id.isNumber()) {
      problem("job.id", "must be a string");
    } else if (!isJobId(id)) {
      problem(
          "job.id", "must be 1 to " + MAX_JOB_ID_LENGTH + " characters without control characters");
    }
  }

  static boolean isJobId(JsonNode id) {
    return (id.isTextual() || id.isNumber())
        && !id.asText().isEmpty()
        && id.asText().length() <= MAX_JOB_ID_LENGTH
        && !hasControl(id.asText());
  }

  private void ordering(@Nullable String ordering) {
    if (ordering != null && !Set.of("job", "none").contains(ordering)) {
      problem("ordering", "must be job or none");
    }
  }

  private static boolean hasControl(String text) {
    return text.chars().anyMatch(Character::isISOControl);
  }

  private void problem(String field, String message) {
    problems.add(new FieldProblem(field, message));
  }
}
