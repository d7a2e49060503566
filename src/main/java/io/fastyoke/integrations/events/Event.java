package io.fastyoke.integrations.events;

import io.fastyoke.integrations.errors.FailureCode;
import io.fastyoke.integrations.identity.Caller.Actor;
import io.fastyoke.integrations.identity.TenantId;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One row of the event log. All of it has been redacted before.
 *
 * @param id a UUIDv7 of {@code occurredAt}, which also chooses the partition
 * @param type {@code WEBHOOK}, {@code NOTICE}, {@code CONNECTION_TEST} or {@code
 *     CONNECTION_CREATED|UPDATED|DELETED}
 * @param delivery the action of a run, for {@code WEBHOOK} and {@code NOTICE}
 * @param sent the request, if one was sent
 * @param answer the answer, if there was one
 * @param error the failure, if there was one
 * @param durationMs wall time of the attempt in milliseconds
 */
public record Event(
    UUID id,
    TenantId tenant,
    String type,
    Outcome outcome,
    @Nullable DeliveryRef delivery,
    @Nullable UUID connectionId,
    @Nullable String provider,
    @Nullable RequestLine sent,
    @Nullable Answer answer,
    @Nullable Failure error,
    @Nullable Integer durationMs,
    Actor actor,
    Instant occurredAt) {

  /** {@code event_type} of an attempt, or of an action that ended without one. */
  public static final String WEBHOOK = "WEBHOOK";

  /** The same of a notice. */
  public static final String NOTICE = "NOTICE";

  /** How it ended. */
  public enum Outcome {
    SUCCESS,
    FAILURE,
    SKIPPED,
    CANCELLED;

    /** The name on the wire and in the database. */
    public String wire() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  /**
   * The action that an event is about.
   *
   * @param attempt from 1; null when nothing was tried
   * @param endsAction whether this event decided the action
   */
  public record DeliveryRef(
      UUID runId,
      @Nullable String jobId,
      int actionIndex,
      UUID deliveryId,
      @Nullable Integer attempt,
      @Nullable String transitionEventType,
      boolean endsAction) {}

  /** Method and URL of a request. */
  public record RequestLine(String method, String url) {}

  /**
   * The answer of a receiver.
   *
   * @param headers those of a short allow-list
   * @param body kept on failure only; at most 64 KiB
   * @param messageId what the provider calls the message that it took; null when it has no name for
   *     it
   * @param json the whole body, if it is JSON of at most 64 KiB and a later action names it; not in
   *     the log
   */
  public record Answer(
      int status,
      Map<String, String> headers,
      @Nullable String body,
      boolean truncated,
      @Nullable String messageId,
      @Nullable String json) {

    /** Without a message that has a name. */
    public Answer(
        int status, Map<String, String> headers, @Nullable String body, boolean truncated) {
      this(status, headers, body, truncated, null, null);
    }

    /** The same with its body for later actions. */
    public Answer with(@Nullable String wholeJson) {
      return new Answer(status, headers, body, truncated, messageId, wholeJson);
    }
  }

  /**
   * The reason of a failure.
   *
   * @param code a {@link FailureCode} as it is sent, the outcome of a test, or what an older
   *     version has stored
   * @param message for people
   */
  public record Failure(String code, String message) {

    /** Of a code that this version knows. */
    public Failure(FailureCode code, String message) {
      this(code.wire(), message);
    }
  }
}
