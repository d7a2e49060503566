package io.fastyoke.integrations.plan;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonValue;
import io.fastyoke.integrations.events.Event.Failure;
import java.time.Instant;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The progress of one action, in the same form in the database ({@link RunCodec}) and in the API.
 * Flat, with all its components side by side, because its JSON is.
 *
 * @param connectionId as the engine sent it
 * @param provider known once the connection has been read
 * @param deliveryId the same at each attempt, so that receivers recognise a repetition
 * @param attempts attempts that were started
 * @param nextAttemptAt time of the next attempt, while it waits for one
 * @param responseStatus of the last attempt that was answered
 * @param durationMs of the last attempt
 * @param providerMessageId what the provider calls the message that it took; null when it has no
 *     name for it
 * @param response what is kept of the answer for later actions, until the run is finished; not on
 *     the wire
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
    @Nullable String providerMessageId,
    @Nullable Failure error,
    @JsonIgnore @Nullable KeptResponse response) {

  /** An action whose answer no later one names. */
  public ActionProgress(
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
      @Nullable String providerMessageId,
      @Nullable Failure error) {
    this(
        index,
        actionType,
        connectionId,
        provider,
        deliveryId,
        status,
        attempts,
        nextAttemptAt,
        responseStatus,
        durationMs,
        providerMessageId,
        error,
        null);
  }

  /** The status of an action. */
  public enum Status {
    PENDING,
    RUNNING,
    RETRYING,
    SUCCEEDED,
    FAILED,
    SKIPPED,
    CANCELLED;

    /** The name in the API. */
    @JsonValue
    public String wire() {
      return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The status of a name.
     *
     * @throws IllegalArgumentException if there is no such status
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

  /** Whether the status is final. */
  @JsonIgnore
  public boolean isDecided() {
    return status.compareTo(Status.SUCCEEDED) >= 0;
  }

  public static ActionProgress pending(int index, RunPlan.PlannedAction action, UUID deliveryId) {
    return pending(index, action.actionType(), action.payloadTemplate().connectionId(), deliveryId);
  }

  static ActionProgress pending(
      int index, String actionType, @Nullable String connectionId, UUID deliveryId) {
    return new ActionProgress(
        index,
        actionType,
        connectionId,
        null,
        deliveryId,
        Status.PENDING,
        0,
        null,
        null,
        null,
        null,
        null);
  }

  /** The same in another status; it waits for no attempt. */
  public ActionProgress with(Status newStatus) {
    return copy(newStatus, attempts, null, response);
  }

  /** The same with another answer for later actions. */
  public ActionProgress keeping(@Nullable KeptResponse kept) {
    return copy(status, attempts, nextAttemptAt, kept);
  }

  /** The same while that attempt is under way. */
  public ActionProgress running(int attempt) {
    return copy(Status.RUNNING, attempt, null, response);
  }

  private ActionProgress copy(
      Status newStatus, int attempt, @Nullable Instant next, @Nullable KeptResponse kept) {
    return new ActionProgress(
        index,
        actionType,
        connectionId,
        provider,
        deliveryId,
        newStatus,
        attempt,
        next,
        responseStatus,
        durationMs,
        providerMessageId,
        error,
        kept);
  }
}
