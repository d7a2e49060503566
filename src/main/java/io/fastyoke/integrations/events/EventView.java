package io.fastyoke.integrations.events;

import com.fasterxml.jackson.annotation.JsonRawValue;
import io.fastyoke.integrations.events.Event.Failure;
import io.fastyoke.integrations.events.Event.RequestLine;
import io.vertx.mutiny.sqlclient.Row;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A row of the event log on the wire. */
public record EventView(
    UUID id,
    @Nullable UUID runId,
    @Nullable String jobId,
    @Nullable Integer actionIndex,
    @Nullable UUID deliveryId,
    @Nullable UUID connectionId,
    @Nullable String provider,
    String eventType,
    @Nullable String transitionEventType,
    String outcome,
    @Nullable Integer attempt,
    @Nullable RequestLine request,
    @Nullable Integer responseStatus,
    @JsonRawValue @Nullable String responseHeaders,
    @Nullable String responseBody,
    boolean responseTruncated,
    @Nullable String providerMessageId,
    @Nullable Failure error,
    @Nullable Integer durationMs,
    @Nullable String actor,
    @Nullable String impersonatedBy,
    Instant timestamp) {

  static EventView of(Row row) {
    String method = row.getString("request_method");
    String code = row.getString("error_code");
    return new EventView(
        row.getUUID("id"),
        row.getUUID("run_id"),
        row.getString("job_id"),
        row.getInteger("action_index"),
        row.getUUID("delivery_id"),
        row.getUUID("connection_id"),
        row.getString("provider"),
        row.getString("event_type"),
        row.getString("transition_event_type"),
        row.getString("outcome"),
        row.getInteger("attempt"),
        method == null ? null : new RequestLine(method, row.getString("request_url")),
        row.getInteger("response_status"),
        row.getString("response_headers"),
        row.getString("response_body"),
        row.getBoolean("response_truncated"),
        row.getString("provider_message_id"),
        code == null ? null : new Failure(code, row.getString("error_message")),
        row.getInteger("duration_ms"),
        row.getString("actor"),
        row.getString("impersonated_by"),
        row.getOffsetDateTime("occurred_at").toInstant());
  }
}
