package io.fastyoke.integrations.plan;

import static io.fastyoke.integrations.plan.StoredParser.required;

import com.fasterxml.jackson.databind.JsonNode;
import io.fastyoke.integrations.identity.Caller.Actor;
import io.fastyoke.integrations.plan.RunPlan.PlannedAction;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads a plan; see {@link RunCodec}. */
final class PlanReader {
  private final StoredParser in;

  PlanReader(StoredParser in) {
    this.in = in;
  }

  RunPlan read() throws IOException {
    PlanFields fields = new PlanFields();
    in.object(fields);
    return fields.plan();
  }

  private final class PlanFields implements StoredParser.FieldReader {
    private @Nullable JsonNode job;
    private @Nullable JsonNode transition;
    private @Nullable JsonNode context;
    private @Nullable Actor actor;
    private @Nullable List<PlannedAction> actions;
    private @Nullable String traceparent;
    private boolean notice;

    @Override
    public boolean take(String name) throws IOException {
      switch (name) {
        case "job" -> job = in.node();
        case "transition" -> transition = in.node();
        case "context" -> context = in.node();
        case "actor" -> actor = new ActorFields().read();
        case "actions" -> actions = in.list(() -> new ActionFields().read());
        case "traceparent" -> traceparent = in.orNull(in::text);
        case "notice" -> notice = in.flag();
        default -> {
          return false;
        }
      }
      return true;
    }

    RunPlan plan() {
      return new RunPlan(
          job, transition, context, required(actor), required(actions), traceparent, notice);
    }
  }

  private final class ActorFields implements StoredParser.FieldReader {
    private @Nullable String sub;
    private @Nullable String email;
    private @Nullable String impersonatedBy;

    @Override
    public boolean take(String name) throws IOException {
      switch (name) {
        case "sub" -> sub = in.text();
        case "email" -> email = in.orNull(in::text);
        case "impersonated_by" -> impersonatedBy = in.orNull(in::text);
        default -> {
          return false;
        }
      }
      return true;
    }

    Actor read() throws IOException {
      in.object(this);
      return new Actor(required(sub), email, impersonatedBy);
    }
  }

  private final class ActionFields implements StoredParser.FieldReader {
    private @Nullable String actionType;
    private @Nullable PayloadTemplate template;
    private @Nullable Boolean continueOnFailure;
    private @Nullable RetryOptions retry;
    private @Nullable Integer firedIndex;

    @Override
    public boolean take(String name) throws IOException {
      switch (name) {
        case "action_type" -> actionType = in.text();
        case "payload_template" -> template = new TemplateFields().read();
        case "continue_on_failure" -> continueOnFailure = in.flag();
        case "retry" -> retry = in.orNull(() -> new RetryFields().read());
        case "fired_index" -> firedIndex = in.orNull(in::integer);
        default -> {
          return false;
        }
      }
      return true;
    }

    PlannedAction read() throws IOException {
      in.object(this);
      return new PlannedAction(
          required(actionType), required(template), required(continueOnFailure), retry, firedIndex);
    }
  }

  private final class TemplateFields implements StoredParser.FieldReader {
    private @Nullable String connectionId;
    private @Nullable String method;
    private @Nullable String path;
    private @Nullable Map<String, @Nullable String> headers;
    private @Nullable JsonNode body;

    @Override
    public boolean take(String name) throws IOException {
      switch (name) {
        case "connection_id" -> connectionId = in.orNull(in::text);
        case "method" -> method = in.orNull(in::text);
        case "path" -> path = in.orNull(in::text);
        case "headers" -> headers = in.orNull(PlanReader.this::headers);
        case "body" -> body = in.node();
        default -> {
          return false;
        }
      }
      return true;
    }

    PayloadTemplate read() throws IOException {
      in.object(this);
      return new PayloadTemplate(connectionId, method, path, headers, body);
    }
  }

  private Map<String, @Nullable String> headers() throws IOException {
    Map<String, @Nullable String> headers = new LinkedHashMap<>();
    in.object(
        name -> {
          headers.put(name, in.orNull(in::text));
          return true;
        });
    return headers;
  }

  private final class RetryFields implements StoredParser.FieldReader {
    private @Nullable Integer maxAttempts;
    private @Nullable Long backoffMs;
    private @Nullable Long maxBackoffMs;
    private @Nullable String onUnknown;

    @Override
    public boolean take(String name) throws IOException {
      switch (name) {
        case "max_attempts" -> maxAttempts = in.orNull(in::integer);
        case "backoff_ms" -> backoffMs = in.orNull(in::longInteger);
        case "max_backoff_ms" -> maxBackoffMs = in.orNull(in::longInteger);
        case "on_unknown" -> onUnknown = in.orNull(in::text);
        default -> {
          return false;
        }
      }
      return true;
    }

    RetryOptions read() throws IOException {
      in.object(this);
      return new RetryOptions(maxAttempts, backoffMs, maxBackoffMs, onUnknown);
    }
  }
}
