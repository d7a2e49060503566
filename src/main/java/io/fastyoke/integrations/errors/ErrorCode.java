package io.fastyoke.integrations.errors;

import java.util.Locale;

/**
 * Every code that an error answer can have; {@code docs/errors.md} and the description of the API
 * list them from here. A code is part of the API: it is never renamed, and none is given another
 * meaning.
 */
public enum ErrorCode {
  MALFORMED_JSON(
      400,
      "The body is not JSON, has a key twice, or goes on after its end. `message` says where.",
      "Correct the body. Sending it again unchanged has the same answer."),
  VALIDATION_FAILED(
      400,
      "A field, a query parameter, a header or the address is not valid; `details.fields` names each field. A field that"
          + " is not known is refused, too.",
      "Correct what `details.fields` names. Nothing was stored."),
  UNKNOWN_PROVIDER(
      400,
      "This version of the service does not have the provider.",
      "Use one that `GET /api/v1/tenant/providers` lists."),
  UNKNOWN_ACTION_TYPE(
      400,
      "An action has another type than `WEBHOOK`. Nothing was stored.",
      "Send only `WEBHOOK` actions to this service."),
  BLOCKED_ADDRESS(
      400,
      "The host of the connection could not be found, or is one that the service does not call.",
      "Use a public https address. The operator can allow others with `EGRESS_ALLOW_CIDRS` and"
          + " `EGRESS_ALLOW_HTTP`."),
  UNAUTHORIZED(
      401,
      "There is no bearer token, or it is malformed, expired, or signed with another key.",
      "Get a new token and repeat the request. If new tokens are refused, compare the settings and"
          + " the clocks of both services."),
  FORBIDDEN(
      403,
      "The token is valid, but its role or its scopes do not permit this.",
      "Use a token with the role or scope that the description of the endpoint names."),
  TENANT_MISMATCH(
      403,
      "The request names another `tenant_id` than the token.",
      "Leave `tenant_id` out, or use a token of that tenant."),
  NOT_FOUND(
      404,
      "The address does not exist, or the tenant has nothing with this id.",
      "Check the address and the id. It may have been deleted, or removed after"
          + " `RUN_RETENTION_DAYS`."),
  METHOD_NOT_ALLOWED(
      405, "The address does not take this method.", "Use one that the `Allow` header names."),
  NOT_ACCEPTABLE(
      406,
      "The `Accept` header excludes JSON.",
      "Send `Accept: application/json`, or leave it out."),
  REQUEST_TIMEOUT(
      408,
      "The body of the request took too long to arrive.",
      "Repeat the request, with the same `Idempotency-Key`."),
  CONNECTION_NAME_TAKEN(
      409,
      "The tenant has a connection with this name; upper and lower case are the same.",
      "Choose another name, or change the connection that has it."),
  VERSION_CONFLICT(
      409,
      "The connection was changed since it was read.",
      "Read it again, and repeat the change with the new `ETag` in `If-Match`."),
  ALREADY_FINISHED(
      409, "The run is finished, so it cannot be cancelled.", "Read the run to see how it ended."),
  NOT_FINISHED(
      409,
      "The run is not finished, so it cannot be replayed.",
      "Wait until it is finished, or cancel it first."),
  NOTHING_TO_REPLAY(
      409,
      "No action of the run failed or was skipped.",
      "Nothing. To send it all again, fire a new run."),
  CREDENTIAL_UNREADABLE(
      409,
      "The credentials of the connection were sealed with a key that the service does not have.",
      "Enter the credentials again, or ask the operator to put the key into"
          + " `ENCRYPTION_KEYS_RETIRED`."),
  PAYLOAD_TOO_LARGE(
      413,
      "The body is larger than the operator allows (`REQUEST_MAX_BYTES`, 1 MiB by default).",
      "Send less, or ask the operator for more."),
  URI_TOO_LONG(414, "The address has more than 8 KiB.", "Use fewer or shorter query parameters."),
  UNSUPPORTED_MEDIA_TYPE(
      415,
      "The body is not declared as JSON, or is compressed.",
      "Send `Content-Type: application/json` and no `Content-Encoding`."),
  IDEMPOTENCY_KEY_REUSED(
      422,
      "The `Idempotency-Key` belongs to a run that was accepted from another body.",
      "Use a new key for each transition, and the same key only to repeat the same request."),
  RATE_LIMITED(
      429,
      "The tenant sends more requests per second than the operator allows, or has too many tests of"
          + " connections at once.",
      "Wait as long as `Retry-After` says."),
  HEADERS_TOO_LARGE(
      431, "The headers have more than 32 KiB together.", "Send fewer or shorter headers."),
  REFUSED(
      0,
      "The HTTP layer refused the request with a status that has no code of its own.",
      "Look the status up in RFC 9110."),
  INTERNAL(
      500,
      "A fault of the service. `details.request_id` names its lines in the log.",
      "Repeat the request with the same `Idempotency-Key`, and report the request id."),
  UNAVAILABLE(
      503,
      "The service cannot answer at the moment: it stops, its database does not answer, too many runs wait, or it has no"
          + " memory left for the request.",
      "Repeat the request after `Retry-After`, with the same `Idempotency-Key`.");

  private final int status;
  private final String meaning;
  private final String remedy;

  ErrorCode(int status, String meaning, String remedy) {
    this.status = status;
    this.meaning = meaning;
    this.remedy = remedy;
  }

  /** The code as it is sent. */
  public String wire() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The HTTP status, always the same; 0 for {@link #REFUSED}, which has any other 4xx. */
  public int status() {
    return status;
  }

  /** What has happened, in Markdown. */
  public String meaning() {
    return meaning;
  }

  /** What the caller can do about it, in Markdown. */
  public String remedy() {
    return remedy;
  }
}
