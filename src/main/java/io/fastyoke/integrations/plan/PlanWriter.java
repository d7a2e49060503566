package io.fastyoke.integrations.plan;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.SerializerProvider;
import io.fastyoke.integrations.identity.Caller.Actor;
import io.fastyoke.integrations.plan.RunPlan.PlannedAction;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Writes a plan; see {@link RunCodec}. */
final class PlanWriter {
  private final JsonGenerator out;
  private final SerializerProvider provider;

  /**
   * @param mapper its settings apply to embedded JSON, and decide whether headers are sorted
   */
  PlanWriter(JsonGenerator out, ObjectMapper mapper) {
    this.out = out;
    this.provider = mapper.getSerializerProviderInstance();
  }

  void write(RunPlan plan) throws IOException {
    out.writeStartObject();
    node("job", plan.job());
    node("transition", plan.transition());
    node("context", plan.context());
    out.writeFieldName("actor");
    write(plan.actor());
    out.writeFieldName("actions");
    write(plan.actions(), true);
    if (plan.traceparent() != null) {
      out.writeStringField("traceparent", plan.traceparent());
    }
    if (plan.notice()) {
      out.writeBooleanField("notice", true);
    }
    out.writeEndObject();
  }

  /** Writes the parts that distinguish one request from another. */
  void writeMeaning(RunPlan plan, boolean ordered, @Nullable UUID replayOf) throws IOException {
    out.writeStartArray();
    write(plan.job());
    write(plan.transition());
    write(plan.context());
    write(plan.actions(), false);
    out.writeBoolean(ordered);
    out.writeString(replayOf == null ? null : replayOf.toString());
    out.writeEndArray();
  }

  private void write(Actor actor) throws IOException {
    out.writeStartObject();
    out.writeStringField("sub", actor.sub());
    out.writeStringField("email", actor.email());
    out.writeStringField("impersonated_by", actor.impersonatedBy());
    out.writeEndObject();
  }

  private void write(List<PlannedAction> actions, boolean whole) throws IOException {
    out.writeStartArray();
    for (PlannedAction action : actions) {
      out.writeStartObject();
      out.writeStringField("action_type", action.actionType());
      out.writeFieldName("payload_template");
      write(action.payloadTemplate());
      out.writeBooleanField("continue_on_failure", action.continueOnFailure());
      out.writeFieldName("retry");
      write(action.retry());
      if (whole && action.firedIndex() != null) {
        out.writeNumberField("fired_index", action.firedIndex());
      }
      out.writeEndObject();
    }
    out.writeEndArray();
  }

  private void write(PayloadTemplate template) throws IOException {
    out.writeStartObject();
    out.writeStringField("connection_id", template.connectionId());
    out.writeStringField("method", template.method());
    out.writeStringField("path", template.path());
    out.writeFieldName("headers");
    headers(template.headers());
    node("body", template.body());
    out.writeEndObject();
  }

  private void headers(@Nullable Map<String, @Nullable String> headers) throws IOException {
    if (headers == null) {
      out.writeNull();
      return;
    }
    boolean sorted = provider.isEnabled(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS);
    out.writeStartObject();
    for (Map.Entry<String, @Nullable String> header :
        (sorted ? new TreeMap<>(headers) : headers).entrySet()) {
      out.writeStringField(header.getKey(), header.getValue());
    }
    out.writeEndObject();
  }

  private void write(@Nullable RetryOptions retry) throws IOException {
    if (retry == null) {
      out.writeNull();
      return;
    }
    out.writeStartObject();
    number("max_attempts", retry.maxAttempts());
    number("backoff_ms", retry.backoffMs());
    number("max_backoff_ms", retry.maxBackoffMs());
    out.writeStringField("on_unknown", retry.onUnknown());
    out.writeEndObject();
  }

  private void number(String name, @Nullable Number value) throws IOException {
    if (value == null) {
      out.writeNullField(name);
    } else {
      out.writeNumberField(name, value.longValue());
    }
  }

  private void node(String name, @Nullable JsonNode node) throws IOException {
    out.writeFieldName(name);
    write(node);
  }

  private void write(@Nullable JsonNode node) throws IOException {
    if (node == null) {
      out.writeNull();
    } else {
      node.serialize(out, provider);
    }
  }
}
