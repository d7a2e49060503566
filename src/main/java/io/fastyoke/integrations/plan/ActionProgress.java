package io.fastyoke.integrations.plan;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonValue;
import io.fastyoke.integrations.events.Event.Failure;
import java.time.Instant;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * How far one action has come: stored with the run ({@link RunCodec}), and shown on the wire in the
 * same form.
 *
 * @param connectionId as the engine sent it
 * @param provider known once the connection has been read
 * @param deliveryId the same on every attempt; receivers recognise a repetition by it
 * @param attempts attempts begun
 * @param nextAttemptAt when it is tried again, while it waits for that
 * @param responseStatus of the last attempt that was answered
 * @param durationMs of the last attempt
 */
public record ActionProgress(
    int index,
    String actionType,
    @Nullable String connectionId,
    @Nullable String provider,
    UUID deliveryId,
    Status status,
    int attempts,
    @Nullable Instant nextAttemptAt,
    @Nullable Integer responseStatus,
    @Nullable Integer durationMs,
    @Nullable Failure error) {

  /** Where an action stands. */
  public enum Status {
    PENDING,
    RUNNING,
    RETRYING,
    SUCCEEDED,
    FAILED,
    SKIPPED,
    CANCELLED;

    /** The name on the wire. */
    @JsonValue
    public String wire() {
      return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The status of a name.
     *
     * @throws IllegalArgumentException when there is none of that name
     */
    public static Status of(String wire) {
      for (Status status : values()) {
        if (status.wire().equals(wire)) {
          return status;
        }
      }
      throw new IllegalArgumentException("not the status of an action");
    }
  }

  /** Whether nothing will change it any more. */
  @JsonIgnore
  public boolean isDecided() {
    return status.compareTo(Status.SUCCEEDED) >= 0;
  }

  public static ActionProgress pending(int index, RunPlan.PlannedAction action, UUID deliveryId) {
    return new ActionProgress(
        index,
        action.actionType(),
        action.payloadTemplate().connectionId(),
        null,
        deliveryId,
        Status.PENDING,
        0,
        null,
        null,
        null,
        null);
  }

  public ActionProgress with(Status newStatus) {
    return new ActionProgress(
        index,
        actionType,
        connectionId,
        provider,
        deliveryId,
        newStatus,
        attempts,
        null,
        responseStatus,
        durationMs,
        error);
  }

  public ActionProgress running(int attempt) {
    return new ActionProgress(
        index,
        actionType,
        connectionId,
        provider,
        deliveryId,
        Status.RUNNING,
        attempt,
        null,
        responseStatus,
        durationMs,
        error);
  }
}
