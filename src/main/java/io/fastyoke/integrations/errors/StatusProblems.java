package io.fastyoke.integrations.errors;

/** The envelope for statuses that the HTTP layers below us decide, without a code of their own. */
public final class StatusProblems {
  private StatusProblems() {}

  /**
   * The problem with the code that belongs to a status.
   *
   * @param status a 4xx, or 503
   */
  public static ApiException of(int status) {
    return switch (status) {
      case 400 -> ApiException.of(400, "validation_failed", "The request is not valid.");
      case 401 -> ApiException.of(401, "unauthorized", "A valid bearer token is required.");
      case 403 -> ApiException.of(403, "forbidden", "The token does not permit this.");
      case 404 -> ApiException.of(404, "not_found", "There is nothing here.");
      case 405 -> ApiException.of(405, "method_not_allowed", "The method is not allowed here.");
      case 406 -> ApiException.of(406, "not_acceptable", "Answers are application/json only.");
      case 408 -> ApiException.of(408, "request_timeout", "The request took too long to arrive.");
      case 413 -> ApiException.of(413, "payload_too_large", "The request body is too large.");
      case 414 -> ApiException.of(414, "uri_too_long", "The request's address is too long.");
      case 415 ->
          ApiException.of(415, "unsupported_media_type", "Send the body as application/json.");
      case 431 -> ApiException.of(431, "headers_too_large", "The request's headers are too large.");
      case 429 -> ApiException.rateLimited("Too many requests.", 1);
      case 503 -> ApiException.unavailable("The service is not available at the moment.", 5);
      default -> ApiException.of(status, "refused", "The request was refused.");
    };
  }
}
