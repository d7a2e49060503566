package io.fastyoke.integrations.errors;

/** The error codes for statuses that the HTTP layers below the endpoints set. */
public final class StatusProblems {
  private StatusProblems() {}

  /**
   * The problem with the code that belongs to a status.
   *
   * @param status a 4xx, or 503
   */
  public static ApiException of(int status) {
    return switch (status) {
      case 400 -> ApiException.of(ErrorCode.VALIDATION_FAILED, "The request is not valid.");
      case 401 -> ApiException.of(ErrorCode.UNAUTHORIZED, "A valid bearer token is required.");
      case 403 -> ApiException.of(ErrorCode.FORBIDDEN, "The token does not permit this.");
      case 404 -> ApiException.of(ErrorCode.NOT_FOUND, "There is nothing here.");
      case 405 -> ApiException.of(ErrorCode.METHOD_NOT_ALLOWED, "The method is not allowed here.");
      case 406 -> ApiException.of(ErrorCode.NOT_ACCEPTABLE, "Answers are application/json only.");
      case 408 ->
          ApiException.of(ErrorCode.REQUEST_TIMEOUT, "The request took too long to arrive.");
      case 413 -> ApiException.of(ErrorCode.PAYLOAD_TOO_LARGE, "The request body is too large.");
      case 414 -> ApiException.of(ErrorCode.URI_TOO_LONG, "The request's address is too long.");
      case 415 ->
          ApiException.of(ErrorCode.UNSUPPORTED_MEDIA_TYPE, "Send the body as application/json.");
      case 431 ->
          ApiException.of(ErrorCode.HEADERS_TOO_LARGE, "The request's headers are too large.");
      case 429 -> ApiException.rateLimited("Too many requests.", 1);
      case 503 -> ApiException.unavailable("The service is not available at the moment.", 5);
      default -> ApiException.refused(status);
    };
  }
}
