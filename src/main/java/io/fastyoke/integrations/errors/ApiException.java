package io.fastyoke.integrations.errors;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An answer in the error envelope; throwing it from anywhere below an endpoint sends it to the
 * client.
 */
public final class ApiException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final String error;
  private final String message;
  private final transient Map<String, Object> details;
  private final @Nullable Integer retryAfterSeconds;

  private ApiException(
      int status,
      String error,
      String message,
      Map<String, Object> details,
      @Nullable Integer retryAfterSeconds) {
    super(message, null, false, false);
    this.status = status;
    this.error = error;
    this.message = message;
    this.details = details;
    this.retryAfterSeconds = retryAfterSeconds;
  }

  /** An error without details. */
  public static ApiException of(int status, String error, String message) {
    return new ApiException(status, error, message, Map.of(), null);
  }

  /** 400 {@code validation_failed}, with one entry for each field. */
  public static ApiException invalid(List<FieldProblem> problems) {
    return invalid("validation_failed", problems);
  }

  /** 400 with another code than {@code validation_failed}, such as {@code unknown_provider}. */
  public static ApiException invalid(String error, List<FieldProblem> problems) {
    String message =
        problems.size() == 1
            ? problems.get(0).field() + ": " + problems.get(0).message()
            : problems.size() + " fields are not valid.";
    return new ApiException(400, error, message, Map.of("fields", List.copyOf(problems)), null);
  }

  /** 400 {@code validation_failed} for one field. */
  public static ApiException invalid(String field, String message) {
    return invalid(List.of(new FieldProblem(field, message)));
  }

  /** 404; also for what belongs to another tenant, so that existence does not leak. */
  public static ApiException notFound(String what) {
    return of(404, "not_found", "There is no such " + what + ".");
  }

  /** 409 with the given code. */
  public static ApiException conflict(String error, String message) {
    return of(409, error, message);
  }

  /** 503 with {@code Retry-After}. */
  public static ApiException unavailable(String message, int retryAfterSeconds) {
    return new ApiException(503, "unavailable", message, Map.of(), retryAfterSeconds);
  }

  /** 429 with {@code Retry-After}. */
  public static ApiException rateLimited(String message, int retryAfterSeconds) {
    return new ApiException(429, "rate_limited", message, Map.of(), retryAfterSeconds);
  }

  /** For people. */
  @Override
  public String getMessage() {
    return message;
  }

  /** The HTTP status. */
  public int status() {
    return status;
  }

  /** The machine-readable code. */
  public String error() {
    return error;
  }

  /** Further details; may be empty. */
  public Map<String, Object> details() {
    return details;
  }

  /** Seconds for the {@code Retry-After} header, if the client should come back. */
  public @Nullable Integer retryAfterSeconds() {
    return retryAfterSeconds;
  }
}
