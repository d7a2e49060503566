package io.fastyoke.integrations.runs;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fastyoke.integrations.database.WarmUp;
import io.fastyoke.integrations.identity.Caller;
import io.fastyoke.integrations.identity.TenantId;
import io.fastyoke.integrations.intake.RequestRules;
import io.fastyoke.integrations.intake.RunRequest;
import io.fastyoke.integrations.plan.RunPlan;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import org.jboss.logging.Logger;

/**
 * Warm-up: parses, checks and renders one run without firing it, and lists the runs of a tenant
 * that does not exist.
 */
@ApplicationScoped
class RunWarmUp {
  private static final Logger LOG = Logger.getLogger(RunWarmUp.class);

  private static final String REQUEST =
      """
      {"job": {"id": "warm-up"}, "transition": {"event_type": "start"},
       "actions": [{"action_type": "WEBHOOK", "payload_template": {
         "connection_id": "00000000-0000-7000-8000-000000000000", "path": "/{{job.id}}",
         "body": {"job_id": "{{job.id}}"}}}]}
      """;

  private final ObjectMapper json;
  private final FindRuns runs;
  private final Preview preview;

  RunWarmUp(ObjectMapper json, FindRuns runs, Preview preview) {
    this.json = json;
    this.runs = runs;
    this.preview = preview;
  }

  void atStart(@Observes @Priority(WarmUp.PRIORITY) StartupEvent event) {
    TenantId tenant = new TenantId(WarmUp.TENANT);
    Caller.Actor actor = new Caller.Actor("warm-up", null, null);
    try {
      RunPlan plan = RequestRules.check(json.readValue(REQUEST, RunRequest.class), actor);
      WarmUp.on(() -> preview.preview(new Caller(tenant, actor), plan));
    } catch (JsonProcessingException e) {
      LOG.debug("The warm-up request is not valid", e);
    }
    FindRuns.RunFilter all = new FindRuns.RunFilter(null, null, null, null, null);
    WarmUp.on(() -> runs.list(tenant, all, 1, null).invoke(found -> write(found.rows())));
  }

  private void write(Object view) {
    try {
      json.writeValueAsBytes(view);
    } catch (JsonProcessingException e) {
      LOG.debug("The warm-up list cannot be written", e);
    }
  }
}
