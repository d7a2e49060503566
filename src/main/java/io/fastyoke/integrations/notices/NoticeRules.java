package io.fastyoke.integrations.notices;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fastyoke.integrations.errors.ApiException;
import io.fastyoke.integrations.errors.FieldProblem;
import io.fastyoke.integrations.http.Uuids;
import io.fastyoke.integrations.identity.TenantId;
import io.fastyoke.integrations.providers.ActionTemplate;
import io.fastyoke.integrations.providers.ProviderRegistry;
import io.fastyoke.integrations.templating.Template;
import io.fastyoke.integrations.templating.TemplateException;
import io.fastyoke.integrations.templating.Variables;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Validates what a tenant wants to be told. All problems are reported at once. */
@ApplicationScoped
class NoticeRules {
  /** The only provider that takes such a body. */
  static final String PROVIDER = "generic_rest";

  private static final String CONNECTION_ID = "connection_id";
  private static final String PATH = "path";
  private static final String EVENTS = "events";

  private final ProviderRegistry providers;

  NoticeRules(ProviderRegistry providers) {
    this.providers = providers;
  }

  /**
   * The checked request, if its connection turns out to be one that can carry notices.
   *
   * @throws ApiException 400 naming every field
   */
  NoticeSettings check(TenantId tenant, NoticeRequest request) {
    List<FieldProblem> problems = new ArrayList<>();
    UUID connection = connection(problems, request.connectionId());
    path(problems, tenant, request.path());
    List<String> events = events(problems, request.events());
    if (!problems.isEmpty()) {
      throw ApiException.invalid(problems);
    }
    return new NoticeSettings(connection, request.path(), events, null);
  }

  /**
   * Refuses a connection that cannot carry notices.
   *
   * @param provider of the connection; null when the tenant has no such connection
   * @throws ApiException 400
   */
  static void requireCarrier(@Nullable String provider) {
    if (provider == null) {
      throw ApiException.invalid(CONNECTION_ID, "is not one of your connections");
    }
    if (!provider.equals(PROVIDER)) {
      throw ApiException.invalid(
          CONNECTION_ID, "must be of a " + PROVIDER + " connection; this one is of " + provider);
    }
  }

  private static @Nullable UUID connection(List<FieldProblem> problems, @Nullable String id) {
    if (id == null) {
      problems.add(new FieldProblem(CONNECTION_ID, "is required; send {} for no notices"));
      return null;
    }
    UUID parsed = Uuids.parse(id).orElse(null);
    if (parsed == null) {
      problems.add(new FieldProblem(CONNECTION_ID, "is not an id"));
    }
    return parsed;
  }

  /** As the path of an action, with what a notice has for its placeholders. */
  private void path(List<FieldProblem> problems, TenantId tenant, @Nullable String path) {
    if (path == null || path.isEmpty()) {
      return;
    }
    try {
      providers
          .find(PROVIDER)
          .ifPresent(
              provider -> provider.checkTemplate(new ActionTemplate(null, path, Map.of(), null)));
      Template.renderPath(path, example(tenant));
    } catch (TemplateException e) {
      problems.add(new FieldProblem(PATH, String.valueOf(e.getMessage())));
    } catch (IllegalArgumentException e) {
      problems.add(
          new FieldProblem(PATH, String.valueOf(e.getMessage()).replaceFirst("^path:? ", "")));
    }
  }

  /** What stands for the values of a notice that will come. */
  private static Variables example(TenantId tenant) {
    String id = NoticeSql.NO_CONNECTION;
    ObjectNode roots = JsonNodeFactory.instance.objectNode();
    roots.putObject("job").put("id", NoticeRuns.job(id));
    roots.putObject("transition").put("event_type", NoticeType.RUN_FAILED.wire());
    ObjectNode telling = JsonNodeFactory.instance.objectNode();
    telling.put("count", 1);
    telling.put("at", Instant.EPOCH.toEpochMilli());
    telling.put("since", Instant.EPOCH.toEpochMilli());
    NoticeBody.Subject subject = new NoticeBody.Subject(id, "a", PROVIDER, "b");
    roots
        .putObject("context")
        .set("notice", NoticeBody.of(NoticeType.RUN_FAILED.wire(), telling, subject));
    roots.putObject("tenant").put("id", tenant.value());
    roots.putObject("actor").put("sub", NoticeRuns.ACTOR);
    roots.putObject("run").put("id", id);
    roots.putObject("delivery").put("id", id);
    return Variables.of(roots);
  }

  private static List<String> events(
      List<FieldProblem> problems, @Nullable List<@Nullable String> events) {
    if (events == null || events.isEmpty()) {
      problems.add(
          new FieldProblem(EVENTS, "must be a list of at least one event; send {} for no notices"));
      return List.of();
    }
    List<String> known = new ArrayList<>();
    for (int i = 0; i < events.size() && i <= NoticeType.values().length; i++) {
      String event = events.get(i);
      if (event == null || NoticeType.of(event).isEmpty()) {
        problems.add(
            new FieldProblem(
                EVENTS + "[" + i + "]",
                "is not known; known are " + String.join(", ", NoticeType.names())));
      } else if (known.contains(event)) {
        problems.add(new FieldProblem(EVENTS + "[" + i + "]", "is given twice"));
      } else {
        known.add(event);
      }
    }
    return known;
  }
}
