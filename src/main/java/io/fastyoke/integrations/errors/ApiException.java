package io.fastyoke.integrations.errors;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An error answer. Any code below an endpoint may throw it; a mapper sends it in the error
 * envelope.
 */
public final class ApiException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final ErrorCode code;
  private final String message;
  private final transient Map<String, Object> details;
  private final @Nullable Integer retryAfterSeconds;

  private ApiException(
      int status,
      ErrorCode code,
      String message,
      Map<String, Object> details,
      @Nullable Integer retryAfterSeconds) {
    super(message, null, false, false);
    this.status = status;
    this.code = code;
    this.message = message;
    this.details = details;
    this.retryAfterSeconds = retryAfterSeconds;
  }

  /** An error without details, with the status of its code. */
  public static ApiException of(ErrorCode code, String message) {
    return new ApiException(code.status(), code, message, Map.of(), null);
  }

  /** A 4xx that has no code of its own. */
  static ApiException refused(int status) {
    return new ApiException(status, ErrorCode.REFUSED, "The request was refused.", Map.of(), null);
  }

  /** 400 {@code validation_failed}, with one entry for each field. */
  public static ApiException invalid(List<FieldProblem> problems) {
    return invalid(ErrorCode.VALIDATION_FAILED, problems);
  }

  /** 400 with another code than {@code validation_failed}, such as {@code unknown_provider}. */
  public static ApiException invalid(ErrorCode code, List<FieldProblem> problems) {
    String message =
        problems.size() == 1
            ? problems.get(0).field() + ": " + problems.get(0).message()
            : problems.size() + " fields are not valid.";
    return new ApiException(
        code.status(), code, message, Map.of("fields", List.copyOf(problems)), null);
  }

  /** 400 {@code validation_failed} for one field. */
  public static ApiException invalid(String field, String message) {
    return invalid(List.of(new FieldProblem(field, message)));
  }

  /** 404; also for resources of another tenant, so that their existence does not leak. */
  public static ApiException notFound(String what) {
    return of(ErrorCode.NOT_FOUND, "There is no such " + what + ".");
  }

  /** 503 with {@code Retry-After}. */
  public static ApiException unavailable(String message, int retryAfterSeconds) {
    return retryLater(ErrorCode.UNAVAILABLE, message, retryAfterSeconds);
  }

  /** 429 with {@code Retry-After}. */
  public static ApiException rateLimited(String message, int retryAfterSeconds) {
    return retryLater(ErrorCode.RATE_LIMITED, message, retryAfterSeconds);
  }

  private static ApiException retryLater(ErrorCode code, String message, int retryAfterSeconds) {
    return new ApiException(code.status(), code, message, Map.of(), retryAfterSeconds);
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
  public ErrorCode code() {
    return code;
  }

  /** Further details; may be empty. */
  public Map<String, Object> details() {
    return details;
  }

  /** Seconds for the {@code Retry-After} header; null if a retry is not expected. */
  public @Nullable Integer retryAfterSeconds() {
    return retryAfterSeconds;
  }
}
