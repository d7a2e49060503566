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
 */
public record Run(
    UUID id,
    @Nullable String jobId,
    Status status,
    Instant createdAt,
    @Nullable Instant finishedAt,
    @Nullable UUID replayOf,
    List<ActionProgress> actions) {

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

  /** Whether the status is final. */
  @JsonIgnore
  public boolean isFinished() {
    return finishedAt != null;
  }
}
