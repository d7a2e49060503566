package io.fastyoke.integrations.intake;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import io.fastyoke.integrations.plan.PayloadTemplate;
import io.fastyoke.integrations.plan.RetryOptions;
import io.fastyoke.integrations.templating.ExactJson;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The request of the workflow engine after a transition has committed. It is not validated yet.
 *
 * @param job the job's variables; {@code job.id} orders runs
 * @param transition the transition that has committed
 * @param context further variables
 * @param actions the actions to fire, in order
 * @param ordering {@code job} (default): after all earlier runs of the job; {@code none}: at once
 * @param tenantId must equal the token's tenant, if given
 */
public record RunRequest(
    @JsonDeserialize(using = ExactJson.class) @Nullable JsonNode job,
    @JsonDeserialize(using = ExactJson.class) @Nullable JsonNode transition,
    @JsonDeserialize(using = ExactJson.class) @Nullable JsonNode context,
    @Nullable List<@Nullable Action> actions,
    @Nullable String ordering,
    @Nullable String tenantId) {

  /** One action of the list. */
  public record Action(
      @Nullable String actionType,
      @Nullable PayloadTemplate payloadTemplate,
      @Nullable Boolean continueOnFailure,
      @Nullable RetryOptions retry) {}
}
