package io.fastyoke.integrations.runs;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fastyoke.integrations.connections.SealedConnection;
import io.fastyoke.integrations.identity.TenantId;
import io.vertx.mutiny.sqlclient.Row;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads and writes the JSON and the columns of a run. */
@ApplicationScoped
public class RunRows {
  /** What {@link #view} reads, of a table called {@code r}. */
  static final String VIEW =
      "r.id, r.job_id, r.status, r.created_at, r.finished_at, r.replay_of, r.actions, r.attempt, r.in_flight";

  /** What {@link #claimed} reads besides {@link SealedConnection#COLUMNS}. */
  static final String CLAIMED =
      "r.id, r.tenant_id, r.job_id, r.replay_of, r.created_at, r.request, r.actions, r.lease_token, r.attempt,"
          + " r.cancel_requested, r.gate";

  private static final TypeReference<List<ActionProgress>> ACTIONS = new TypeReference<>() {};

  private final ObjectMapper json;

  RunRows(ObjectMapper json) {
    this.json = json;
  }

  Run view(Row row) {
    List<ActionProgress> actions = new ArrayList<>(actions(row.getString("actions")));
    if (Boolean.TRUE.equals(row.getBoolean("in_flight"))) {
      // The intent is newer than what was last recorded about the action.
      for (int i = 0; i < actions.size(); i++) {
        if (!actions.get(i).isDecided()) {
          actions.set(i, actions.get(i).running(row.getInteger("attempt")));
          break;
        }
      }
    }
    return new Run(
        row.getUUID("id"),
        row.getString("job_id"),
        Run.Status.of(row.getString("status")),
        row.getOffsetDateTime("created_at").toInstant(),
        instant(row.getOffsetDateTime("finished_at")),
        row.getUUID("replay_of"),
        List.copyOf(actions));
  }

  ClaimedRun claimed(Row row, boolean interrupted, long nanos) {
    return new ClaimedRun(
        row.getUUID("id"),
        new TenantId(row.getString("tenant_id")),
        row.getString("job_id"),
        row.getUUID("replay_of"),
        row.getOffsetDateTime("created_at").toInstant(),
        plan(row.getString("request")),
        actions(row.getString("actions")),
        row.getLong("lease_token"),
        row.getInteger("attempt"),
        interrupted,
        row.getBoolean("cancel_requested"),
        SealedConnection.from(row),
        row.getUUID("gate"),
        nanos);
  }

  RunPlan plan(String request) {
    return read(request, RunPlan.class);
  }

  List<ActionProgress> actions(String actions) {
    try {
      return json.readValue(actions, ACTIONS);
    } catch (JsonProcessingException e) {
      throw unreadable();
    }
  }

  String write(Object value) {
    try {
      return json.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw unreadable();
    }
  }

  private <T> T read(String text, Class<T> type) {
    try {
      return json.readValue(text, type);
    } catch (JsonProcessingException e) {
      throw unreadable();
    }
  }

  /** Without the cause: Jackson's messages quote the value. */
  private static IllegalStateException unreadable() {
    return new IllegalStateException("A stored run does not have the shape this version expects.");
  }

  private static @Nullable Instant instant(@Nullable OffsetDateTime time) {
    return time == null ? null : time.toInstant();
  }

  /** The element type of an SQL array is told by the class of the Java array. */
  static UUID[] uuids(List<? extends @Nullable UUID> ids) {
    return ids.toArray(new UUID[0]);
  }
}
