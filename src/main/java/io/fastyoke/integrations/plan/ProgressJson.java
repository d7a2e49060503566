package io.fastyoke.integrations.plan;

import static io.fastyoke.integrations.plan.StoredParser.required;

import com.fasterxml.jackson.core.JsonGenerator;
import io.fastyoke.integrations.events.Event.Failure;
import io.fastyoke.integrations.http.Timestamps;
import io.fastyoke.integrations.http.Uuids;
import io.fastyoke.integrations.plan.ActionProgress.Status;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Writes and reads the progress of actions; see {@link RunCodec}. */
final class ProgressJson {
  private ProgressJson() {}

  static void write(JsonGenerator out, List<ActionProgress> actions) throws IOException {
    out.writeStartArray();
    for (ActionProgress action : actions) {
      write(out, action);
    }
    out.writeEndArray();
  }

  private static void write(JsonGenerator out, ActionProgress action) throws IOException {
    Instant next = action.nextAttemptAt();
    out.writeStartObject();
    out.writeNumberField("index", action.index());
    out.writeStringField("action_type", action.actionType());
    out.writeStringField("connection_id", action.connectionId());
    out.writeStringField("provider", action.provider());
    out.writeStringField("delivery_id", action.deliveryId().toString());
    out.writeStringField("status", action.status().wire());
    out.writeNumberField("attempts", action.attempts());
    out.writeStringField("next_attempt_at", next == null ? null : Timestamps.format(next));
    number(out, "response_status", action.responseStatus());
    number(out, "duration_ms", action.durationMs());
    if (action.providerMessageId() != null) {
      out.writeStringField("provider_message_id", action.providerMessageId());
    }
    out.writeFieldName("error");
    write(out, action.error());
    if (action.response() != null) {
      out.writeFieldName("response");
      write(out, action.response());
    }
    out.writeEndObject();
  }

  private static void write(JsonGenerator out, @Nullable Failure error) throws IOException {
    if (error == null) {
      out.writeNull();
      return;
    }
    out.writeStartObject();
    out.writeStringField("code", error.code());
    out.writeStringField("message", error.message());
    out.writeEndObject();
  }

  private static void write(JsonGenerator out, KeptResponse response) throws IOException {
    out.writeStartObject();
    out.writeNumberField("status", response.status());
    out.writeObjectFieldStart("headers");
    for (Map.Entry<String, String> header : response.headers().entrySet()) {
      out.writeStringField(header.getKey(), header.getValue());
    }
    out.writeEndObject();
    out.writeStringField("json", response.json());
    out.writeEndObject();
  }

  private static void number(JsonGenerator out, String name, @Nullable Integer value)
      throws IOException {
    if (value == null) {
      out.writeNullField(name);
    } else {
      out.writeNumberField(name, value);
    }
  }

  static List<ActionProgress> read(StoredParser in) throws IOException {
    try {
      return in.list(() -> new ProgressFields(in).read());
    } catch (DateTimeException | IllegalArgumentException e) {
      // Without the cause, which quotes stored values.
      throw RunCodec.misshapen();
    }
  }

  private static final class ProgressFields implements StoredParser.FieldReader {
    private final StoredParser in;
    private @Nullable Integer index;
    private @Nullable String actionType;
    private @Nullable String connectionId;
    private @Nullable String provider;
    private @Nullable UUID deliveryId;
    private @Nullable Status status;
    private @Nullable Integer attempts;
    private @Nullable Instant nextAttemptAt;
    private @Nullable Integer responseStatus;
    private @Nullable Integer durationMs;
    private @Nullable String messageId;
    private @Nullable Failure error;
    private @Nullable KeptResponse response;

    ProgressFields(StoredParser in) {
      this.in = in;
    }

    @Override
    public boolean take(String name) throws IOException {
      switch (name) {
        case "index" -> index = in.integer();
        case "action_type" -> actionType = in.text();
        case "connection_id" -> connectionId = in.orNull(in::text);
        case "provider" -> provider = in.orNull(in::text);
        case "delivery_id" -> deliveryId = Uuids.parse(in.text()).orElse(null);
        case "status" -> status = Status.of(in.text());
        case "attempts" -> attempts = in.integer();
        case "next_attempt_at" -> nextAttemptAt = in.orNull(() -> Timestamps.parse(in.text()));
        case "response_status" -> responseStatus = in.orNull(in::integer);
        case "duration_ms" -> durationMs = in.orNull(in::integer);
        case "provider_message_id" -> messageId = in.orNull(in::text);
        case "error" -> error = in.orNull(() -> new FailureFields(in).read());
        case "response" -> response = in.orNull(() -> new ResponseFields(in).read());
        default -> {
          return false;
        }
      }
      return true;
    }

    ActionProgress read() throws IOException {
      in.object(this);
      return new ActionProgress(
          required(index),
          required(actionType),
          connectionId,
          provider,
          required(deliveryId),
          required(status),
          required(attempts),
          nextAttemptAt,
          responseStatus,
          durationMs,
          messageId,
          error,
          response);
    }
  }

  private static final class ResponseFields implements StoredParser.FieldReader {
    private final StoredParser in;
    private final Map<String, String> headers = new LinkedHashMap<>();
    private @Nullable Integer status;
    private @Nullable String json;

    ResponseFields(StoredParser in) {
      this.in = in;
    }

    @Override
    public boolean take(String name) throws IOException {
      switch (name) {
        case "status" -> status = in.integer();
        case "headers" -> in.object(this::header);
        case "json" -> json = in.orNull(in::text);
        default -> {
          return false;
        }
      }
      return true;
    }

    private boolean header(String name) throws IOException {
      headers.put(name, in.text());
      return true;
    }

    KeptResponse read() throws IOException {
      in.object(this);
      return new KeptResponse(required(status), headers, json);
    }
  }

  private static final class FailureFields implements StoredParser.FieldReader {
    private final StoredParser in;
    private @Nullable String code;
    private @Nullable String message;

    FailureFields(StoredParser in) {
      this.in = in;
    }

    @Override
    public boolean take(String name) throws IOException {
      switch (name) {
        case "code" -> code = in.text();
        case "message" -> message = in.text();
        default -> {
          return false;
        }
      }
      return true;
    }

    Failure read() throws IOException {
      in.object(this);
      return new Failure(required(code), required(message));
    }
  }
}
