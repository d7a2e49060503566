package io.fastyoke.integrations.plan;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A run, as the API returns it.
 *
 * @param replayOf the run whose failed and skipped actions this one fires again
 * @param waitingFor what keeps it from going on; null while it is at work, and once it is finished
 */
public record Run(
    UUID id,
    @Nullable String jobId,
    Status status,
    Instant createdAt,
    @Nullable Instant finishedAt,
    @Nullable UUID replayOf,
    @Nullable WaitingFor waitingFor,
    List<ActionProgress> actions) {

  /** What an unfinished run waits for. */
  public enum WaitingFor {
    /** A worker: it is due. */
    CAPACITY,
    /** The end of an earlier run of its job. */
    EARLIER_RUN,
    /** The limits of the connection of its next action. */
    CONNECTION_LIMIT,
    /** The end of a pause that holds. */
    CONNECTION_PAUSED,
    /** The time of its next attempt. */
    RETRY;

    /** The name in the API. */
    @JsonValue
    public String wire() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** What a name in the API means; null for null. */
    public static @Nullable WaitingFor of(@Nullable String wire) {
      return wire == null ? null : valueOf(wire.toUpperCase(Locale.ROOT));
    }
  }

  /** The status of a run. */
  public enum Status {
    PENDING,
    RUNNING,
    SUCCEEDED,
    FAILED,
    CANCELLED;

    /** The name in the API and in the database. */
    @JsonValue
    public String wire() {
      return name().toLowerCase(Locale.ROOT);
    }

    public static Status of(String wire) {
      return valueOf(wire.toUpperCase(Locale.ROOT));
    }
  }

  /** The same run, waiting. */
  public Run waiting(@Nullable WaitingFor what) {
    return new Run(id, jobId, status, createdAt, finishedAt, replayOf, what, actions);
  }

  /** Whether the status is final. */
  @JsonIgnore
  public boolean isFinished() {
    return finishedAt != null;
  }
}
