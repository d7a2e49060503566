package io.fastyoke.integrations.delivery;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fastyoke.integrations.identity.Caller.Actor;
import io.fastyoke.integrations.identity.TenantId;
import io.fastyoke.integrations.plan.ActionProgress;
import io.fastyoke.integrations.plan.KeptResponse;
import io.fastyoke.integrations.plan.PayloadTemplate;
import io.fastyoke.integrations.plan.ResponseNames;
import io.fastyoke.integrations.plan.RunPlan;
import io.fastyoke.integrations.providers.ActionTemplate;
import io.fastyoke.integrations.providers.ProviderClient;
import io.fastyoke.integrations.providers.RenderedAction;
import io.fastyoke.integrations.queue.ClaimedRun;
import io.fastyoke.integrations.templating.Json;
import io.fastyoke.integrations.templating.Template;
import io.fastyoke.integrations.templating.TemplateException;
import io.fastyoke.integrations.templating.Variables;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Resolves the placeholders of an action against its run. */
@ApplicationScoped
public class Rendering {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  /**
   * The action with every placeholder resolved.
   *
   * @throws TemplateException when a variable is missing or a result is not allowed where it stands
   */
  public RenderedAction render(ClaimedRun run, ProviderClient provider) {
    Variables variables =
        variables(run.plan(), run.tenant(), run.id(), run.progress().deliveryId(), run.actions());
    return render(run.plan(), run.index(), run.actions(), variables, provider);
  }

  /**
   * An action with every placeholder resolved.
   *
   * @param actions the progress of the run
   * @throws TemplateException when a variable is missing or a result is not allowed where it stands
   * @throws IllegalArgumentException when an answer of an earlier action does not have what is
   *     named
   */
  public RenderedAction render(
      RunPlan plan,
      int index,
      List<ActionProgress> actions,
      Variables variables,
      ProviderClient provider) {
    try {
      return render(plan.actions().get(index).payloadTemplate(), variables, provider);
    } catch (TemplateException e) {
      String reason = MissingResponse.reason(plan, actions, variables, e.variable());
      if (reason == null) {
        throw e;
      }
      throw new IllegalArgumentException(reason);
    }
  }

  private RenderedAction render(
      PayloadTemplate template, Variables variables, ProviderClient provider) {
    provider.checkTemplate(asActionTemplate(template));
    List<Map.Entry<String, String>> headers = new ArrayList<>();
    headers(template)
        .forEach(
            (name, value) ->
                headers.add(Map.entry(name, Template.renderHeader(name, value, variables))));
    JsonNode body = template.body();
    return new RenderedAction(
        template.method() == null ? "POST" : template.method(),
        path(template.path(), variables),
        headers,
        body == null || body.isNull()
            ? null
            : Template.renderBody(body, variables, provider.xmlFields()));
  }

  /**
   * The roots that a template may name.
   *
   * @param actions the progress of the run, with the answers that are kept
   */
  public Variables variables(
      RunPlan plan, TenantId tenant, UUID runId, UUID deliveryId, List<ActionProgress> actions) {
    ObjectNode roots = NODES.objectNode();
    set(roots, "job", plan.job());
    set(roots, "transition", plan.transition());
    set(roots, "context", plan.context());
    roots.putObject("tenant").put("id", tenant.value());
    Actor actor = plan.actor();
    ObjectNode known = roots.putObject("actor").put("sub", actor.sub());
    if (actor.email() != null) {
      known.put("email", actor.email());
    }
    roots.putObject("run").put("id", runId.toString());
    roots.putObject("delivery").put("id", deliveryId.toString());
    responses(roots, plan, actions);
    return Variables.of(roots).without(ResponseNames::isNone);
  }

  private static void responses(ObjectNode roots, RunPlan plan, List<ActionProgress> actions) {
    ObjectNode all = NODES.objectNode();
    for (ActionProgress action : actions) {
      KeptResponse kept = action.response();
      if (kept != null) {
        String name = Integer.toString(plan.nameOf(action.index()));
        ObjectNode response = all.putObject(name).putObject("response");
        response.put("status", kept.status());
        ObjectNode headers = response.putObject("headers");
        kept.headers().forEach(headers::put);
        if (kept.json() != null) {
          response.set("body", Json.parse(kept.json()));
        }
      }
    }
    if (!all.isEmpty()) {
      roots.set("actions", all);
    }
  }

  static ActionTemplate asActionTemplate(PayloadTemplate template) {
    return new ActionTemplate(
        template.method(), template.path(), headers(template), template.body());
  }

  private static Map<String, String> headers(PayloadTemplate template) {
    Map<String, String> headers = new LinkedHashMap<>();
    if (template.headers() != null) {
      template.headers().forEach((name, value) -> headers.put(name, value == null ? "" : value));
    }
    return headers;
  }

  private static String path(@Nullable String template, Variables variables) {
    return template == null || template.isEmpty() ? "" : Template.renderPath(template, variables);
  }

  private static void set(ObjectNode roots, String name, @Nullable JsonNode value) {
    if (value != null) {
      roots.set(name, value);
    }
  }
}
